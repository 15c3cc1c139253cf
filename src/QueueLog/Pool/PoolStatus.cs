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

    /// <summary>Items of the present run that have ended.</summary>
    public long ItemsEnded { get; init; }

    /// <summary>How often items of the present run were, or are to be, tried again.</summary>
    public long ItemsRetried { get; init; }

    /// <summary>How many items the present run has in all; null where that is not known yet, and without a run.</summary>
    public long? ItemsTotal { get; init; }

    /// <summary>When the pool was started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When the present run was begun; null without one.</summary>
    public DateTimeOffset? RunStarted { get; init; }

    /// <summary>The items of the present run that failed last, five at most, the latest last.</summary>
    public IReadOnlyList<FailedItem> LastFailures { get; init; } = [];

    /// <summary>The file of the session's listener, where the workers log; null without one.</summary>
    public string? LogPath { get; init; }

    /// <summary>Its workers, in the order of their numbers.</summary>
    public IReadOnlyList<WorkerStatus> Workers { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Takes the state of a pool; called under its lock.</summary>
    internal static PoolStatus Of(string name, int count, IReadOnlyList<Worker> workers, RunState? state, DateTimeOffset started, bool isEnded, string? logPath, Func<int, long> itemStart)
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
            ItemsEnded = state?.Ended ?? 0,
            ItemsRetried = state?.Retried ?? 0,
            ItemsTotal = scheduler is null ? null : scheduler.IsComplete ? scheduler.Added : state!.Expected is >= 0 and var expected ? Math.Max(expected, scheduler.Added) : null,
            Started = started,
            RunStarted = state?.Started,
            LastFailures = state?.LastFailures ?? [],
            LogPath = logPath,
            Workers = StatusOf(workers, scheduler, itemStart),
        };
    }

    internal static WorkerStatus[] StatusOf(IReadOnlyList<Worker> workers, Scheduler? scheduler, Func<int, long> itemStart)
    {
        var statuses = new WorkerStatus[workers.Count];
        for (var i = 0; i < statuses.Length; i++)
        {
            statuses[i] = workers[i].ToStatus(scheduler?.Current(workers[i].Index), itemStart);
        }

        return statuses;
    }
}
