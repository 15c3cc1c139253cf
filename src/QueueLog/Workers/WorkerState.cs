namespace QueueLog.Workers;

/// <summary>What a worker is doing.</summary>
public enum WorkerState
{
    /// <summary>Its process has been started and is not ready for items yet: it starts, or loads what they need.</summary>
    Starting,

    /// <summary>It waits for an item.</summary>
    Idle,

    /// <summary>It runs an item.</summary>
    Busy,

    /// <summary>Its process has ended.</summary>
    Ended,
}
