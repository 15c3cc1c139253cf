namespace QueueLog.Records;

/// <summary>A named value of a record: an argument that filled a hole of its message, or one given with <c>-Property</c>.</summary>
/// <param name="Name">The name of the hole or property.</param>
/// <param name="Value">Null, a string, boolean, integer, floating-point number or date; any other type travels as its text.</param>
public readonly record struct LogProperty(string Name, object? Value);
