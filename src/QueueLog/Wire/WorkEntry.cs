namespace QueueLog.Wire;

/// <summary>One entry of a Results frame; the body lies in the frame's buffer.</summary>
internal readonly ref struct WorkEntry(WorkEntryKind kind, long index, ReadOnlySpan<byte> body)
{
    public WorkEntryKind Kind { get; } = kind;

    /// <summary>0-based index of the item.</summary>
    public long Index { get; } = index;

    public ReadOnlySpan<byte> Body { get; } = body;
}

/// <summary>What an entry of a Results frame says; the numbers are part of the protocol.</summary>
internal enum WorkEntryKind : byte
{
    /// <summary>One output object.</summary>
    Output = 1,

    /// <summary>A non-terminating error; the item goes on.</summary>
    Error = 2,

    /// <summary>The exception that ended the item.</summary>
    Failure = 3,

    Warning = 4,
    Verbose = 5,
    Debug = 6,
    Information = 7,

    /// <summary>Nothing more will come of this item.</summary>
    Ended = 8,

    /// <summary>How far the item says it is.</summary>
    Progress = 9,
}
