namespace QueueLog.Records;

/// <summary>What a worker says of an item's end; the numbers are part of the protocol.</summary>
internal enum ItemOutcome : byte
{
    Completed = 0,

    /// <summary>An exception or an exit code ended it, an output was lost, or it wrote what <see cref="FailOn"/> names.</summary>
    Failed = 1,

    /// <summary>It was stopped, as the pool had asked.</summary>
    Stopped = 2,

    /// <summary>It was given back without having been begun, as the pool had asked.</summary>
    NotBegun = 3,
}
