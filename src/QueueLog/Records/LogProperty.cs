using System.Globalization;

namespace QueueLog.Records;

/// <summary>A named value of a record: an argument that filled a hole of its message, or one given with <c>-Property</c>.</summary>
/// <param name="Name">The name of the hole or property.</param>
/// <param name="Value">Null, a string, boolean, integer, floating-point number or date; any other type travels as its text.</param>
public readonly record struct LogProperty(string Name, object? Value)
{
    /// <summary>The name and the value, with escapes for control characters.</summary>
    public override string ToString() => PrintableText.Of(string.Create(CultureInfo.InvariantCulture, $"{nameof(LogProperty)} {{ {nameof(Name)} = {Name}, {nameof(Value)} = {Value} }}"));
}
