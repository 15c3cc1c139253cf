namespace QueueLog.Workers;

/// <summary>What a worker is doing.</summary>
public enum WorkerState
{
    /// <summary>Its process has been started and has not reported yet.</summary>
    Starting,

    /// <summary>It waits for an item.</summary>
    Idle,

    /// <summary>It runs an item.</summary>
    Busy,

    /// <summary>Its process has ended.</summary>
    Ended,
}
