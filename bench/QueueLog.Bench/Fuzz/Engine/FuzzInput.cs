namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>An input and whether it must be taken: one that nobody has changed must.</summary>
internal readonly record struct FuzzInput(byte[] Bytes, bool IsValid);
