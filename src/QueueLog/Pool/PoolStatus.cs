using QueueLog.Pool.Scheduling;
using QueueLog.Pool.State;

namespace QueueLog.Pool;

/// <summary>A pool as it was when it was asked for: what <c>Get-WorkerPool</c> gives.</summary>
public sealed class PoolStatus
{
    /// <summary>The pool's name, which is also its job's.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the process that has the pool.</summary>
    public int Pid { get; init; }

    /// <summary>Number of workers.</summary>
    public int Count { get; init; }

    /// <summary><c>Running</c>, <c>Idle</c> for a warm pool without work, or <c>Ended</c>.</summary>
    public required string State { get; init; }

    /// <summary>Items ended.</summary>
    public long ItemsDone { get; init; }

    /// <summary>Items of the present run that did not complete.</summary>
    public long ItemsFailed { get; init; }

    /// <summary>Items read from the input and not ended.</summary>
    public long ItemsWaiting { get; init; }

    /// <summary>When the pool was started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>Its workers, in the order of their numbers.</summary>
    public IReadOnlyList<WorkerStatus> Workers { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Takes the state of a pool; called under its lock.</summary>
    internal static PoolStatus Of(string name, int count, IReadOnlyList<Worker> workers, RunState? state, DateTimeOffset started, bool isEnded, Func<int, long> itemStart)
    {
        var scheduler = state?.Scheduler;
        return new PoolStatus
        {
            Name = name,
            Pid = Environment.ProcessId,
            Count = count,
            State = isEnded ? "Ended" : scheduler is null ? "Idle" : "Running",
            ItemsDone = workers.Sum(static worker => worker.ItemsDone),
            ItemsFailed = state?.Failed ?? 0,
            ItemsWaiting = scheduler is null ? 0 : scheduler.Queued + scheduler.Held,
            Started = started,
            Workers = StatusOf(workers, scheduler, itemStart),
        };
    }

    internal static WorkerStatus[] StatusOf(IReadOnlyList<Worker> workers, Scheduler? scheduler, Func<int, long> itemStart)
    {
        var statuses = new WorkerStatus[workers.Count];
        for (var i = 0; i < statuses.Length; i++)
        {
            var item = scheduler?.Current(workers[i].Index);
            statuses[i] = workers[i].ToStatus(item?.Input, item is not null, itemStart);
        }

        return statuses;
    }
}
