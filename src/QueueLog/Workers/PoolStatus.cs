namespace QueueLog.Workers;

/// <summary>A pool as it was when it was asked for: what <c>Get-WorkerPool</c> gives.</summary>
public sealed class PoolStatus
{
    /// <summary>The pool's name, which is also its job's.</summary>
    public required string Name { get; init; }

    /// <summary>Number of workers.</summary>
    public int Count { get; init; }

    /// <summary><c>Running</c>, <c>Idle</c> for a warm pool without work, or <c>Ended</c>.</summary>
    public required string State { get; init; }

    /// <summary>Items ended.</summary>
    public long ItemsDone { get; init; }

    /// <summary>Items read from the input and not ended.</summary>
    public long ItemsWaiting { get; init; }

    /// <summary>When the pool was started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>Its workers, in the order of their numbers.</summary>
    public IReadOnlyList<WorkerStatus> Workers { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
