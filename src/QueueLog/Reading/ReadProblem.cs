namespace QueueLog.Reading;

/// <summary>Why a file could not be read as asked; the reading goes on with the next.</summary>
internal sealed record ReadProblem(ReadFault Fault, string Path, Exception? Cause)
{
    /// <summary>Bytes before the entry that is too long, or before a place in it.</summary>
    public long Offset { get; init; }

    /// <summary>Names of the fields that are not shown.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
}
