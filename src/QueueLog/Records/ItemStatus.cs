namespace QueueLog.Records;

/// <summary>How an item ended.</summary>
public enum ItemStatus
{
    /// <summary>It ran to its end, be it with errors that did not end it.</summary>
    Completed,

    /// <summary>An exception ended it.</summary>
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
