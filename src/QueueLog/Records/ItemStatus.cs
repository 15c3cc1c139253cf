namespace QueueLog.Records;

/// <summary>How an item ended.</summary>
public enum ItemStatus
{
    /// <summary>It ran to its end, and nothing of what <see cref="FailOn"/> names came about.</summary>
    Completed,

    /// <summary>An exception or an exit code ended it, an output was lost, or it wrote what <see cref="FailOn"/> names.</summary>
    Failed,

    /// <summary>It took longer than it was allowed to.</summary>
    TimedOut,

    /// <summary>Its worker's process ended while it ran.</summary>
    Crashed,

    /// <summary>It was given up because the pool, or the run, was stopped.</summary>
    Stopped,

    /// <summary>It was never begun: the run ended before, or a former run had completed it.</summary>
    Skipped,
}
