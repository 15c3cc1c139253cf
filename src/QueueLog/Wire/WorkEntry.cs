namespace QueueLog.Wire;

/// <summary>One entry of a Results frame; the body lies in the frame's buffer.</summary>
internal readonly ref struct WorkEntry(WorkEntryKind kind, long index, ReadOnlySpan<byte> body)
{
    public WorkEntryKind Kind { get; } = kind;

    /// <summary>0-based index of the item.</summary>
    public long Index { get; } = index;

    public ReadOnlySpan<byte> Body { get; } = body;
}
