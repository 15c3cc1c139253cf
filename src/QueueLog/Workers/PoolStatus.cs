using QueueLog.Scheduling;

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

    /// <summary>Takes the state of a pool; called under its lock.</summary>
    internal static PoolStatus Of(string name, WorkerSlot[] slots, Scheduler? scheduler, DateTimeOffset started, bool isEnded)
    {
        var workers = new WorkerStatus[slots.Length];
        long done = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            var item = scheduler?.Current(i);
            workers[i] = slots[i].ToStatus(item?.Input, item is not null);
            done += slots[i].ItemsDone;
        }

        return new PoolStatus
        {
            Name = name,
            Count = slots.Length,
            State = isEnded ? "Ended" : scheduler is null ? "Idle" : "Running",
            ItemsDone = done,
            ItemsWaiting = scheduler is null ? 0 : scheduler.Queued + scheduler.Held,
            Started = started,
            Workers = workers,
        };
    }
}
