namespace QueueLog.Sinks.Queued;

/// <summary>Whole entries, that are taken together.</summary>
/// <param name="Bytes">A rented array.</param>
/// <param name="Length">How much of it is used.</param>
/// <param name="Entries">How many entries these are.</param>
internal readonly record struct QueuedBlock(byte[] Bytes, int Length, int Entries)
{
    public ReadOnlySpan<byte> Content => Bytes.AsSpan(0, Length);
}
