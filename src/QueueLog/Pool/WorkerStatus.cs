namespace QueueLog.Pool;

/// <summary>One worker as it was when it was asked for.</summary>
public sealed class WorkerStatus
{
    /// <summary><c>Worker-1</c> and so on.</summary>
    public required string Name { get; init; }

    /// <summary>Process id; 0 before the first process is there.</summary>
    public int Pid { get; init; }

    /// <summary>What it is doing.</summary>
    public WorkerState State { get; init; }

    /// <summary>Items it has ended, over all processes that bore its name.</summary>
    public long ItemsDone { get; init; }

    /// <summary>The input of the item under way; null when there is none.</summary>
    public object? CurrentItem { get; init; }

    /// <summary>The 0-based position of that item in the input; null when there is none.</summary>
    public long? ItemIndex { get; init; }

    /// <summary>When that item was begun; null when there is none.</summary>
    public DateTimeOffset? ItemStarted { get; init; }

    /// <summary>When its present process was started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

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
