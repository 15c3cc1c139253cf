namespace QueueLog.Records;

/// <summary>A value with a name, encoded for the way to a worker.</summary>
internal sealed record NamedValue(string Name, byte[] Value);
