namespace QueueLog.Reading;

/// <summary>Why a file could not be read as asked; the reading goes on with the next.</summary>
internal sealed record ReadProblem(ReadFault Fault, string Path, Exception? Cause)
{
    /// <summary>Bytes before the entry that is too long, or before a place in it.</summary>
    public long Offset { get; init; }

    /// <summary>Names of the fields that are not shown.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
}

/// <summary>What kept a file from being read as asked.</summary>
internal enum ReadFault
{
    /// <summary>The system refused it.</summary>
    Unreadable,

    /// <summary>A compressed file is damaged or cut; what could be read was.</summary>
    Damaged,

    /// <summary>One of its entries is too long, and was passed over.</summary>
    EntryTooLong,

    /// <summary>It was to be read by time and shows none.</summary>
    NoTimes,

    /// <summary>It was to be read by a field that none of its entries shows.</summary>
    NoField,
}
