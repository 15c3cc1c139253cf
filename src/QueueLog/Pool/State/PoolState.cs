using QueueLog.Pool.Scheduling;
using QueueLog.Records;

namespace QueueLog.Pool.State;

/// <summary>
/// What a pool knows: its workers and their processes, its run, and who holds which item. It owns the pool's only lock. Whatever happens
/// is told to one of its methods, which changes what is known and returns what is to be done; the caller does that without the lock.
/// </summary>
internal sealed partial class PoolState
{
    // Each step is short, and run, items and workers only make sense together.
    private readonly object gate = new();
    private readonly WorkerPoolOptions options;
    private readonly WorkerList workers = new();
    private readonly WorkerAllocator allocator;
    private readonly FrameSender sender;
    private readonly TaskCompletionSource prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RunCloser closer;
    private PoolRun? run;
    private int runCount;
    private bool hasEnded;

    /// <summary>Begins without a run and without processes.</summary>
    public PoolState(WorkerPoolOptions options)
    {
        this.options = options;
        workers.Grow(options.Count);
        allocator = new WorkerAllocator(workers, options.Count);
        sender = new FrameSender(workers, allocator, new FrameComposer(options));
        closer = new RunCloser(workers, allocator, sender, options.StaysWarm);
    }

    /// <summary>The present run, or the last.</summary>
    public PoolRun? Run => run;

    /// <summary>Tells when a worker, by its number, began the item it is at, in ticks of the monotonic clock; 0 for not.</summary>
    public Func<int, long> ItemStart { get; init; } = static _ => 0;

    /// <summary>Whether a process has ever been ready for work.</summary>
    public bool WasReady { get; private set; }

    /// <summary>Completes when a process has loaded the definition of a run.</summary>
    public Task Prepared => prepared.Task;

    /// <summary>How many workers there may be.</summary>
    public int Target => allocator.Target;

    /// <summary>All workers there have been.</summary>
    public Worker[] Workers => workers.All;

    /// <summary>Whether time may bring something to the present run.</summary>
    public bool IsToBeWatched
    {
        get
        {
            lock (gate)
            {
                return Current is { } current && (current.Options.ItemTimeout is not null || current.State.HasGivenUp || current.State.UntilTimeout is not null || options.MaxWorkerMemory < long.MaxValue || current.State.Scheduler.UntilDue() is not null);
            }
        }
    }

    private PoolRun? Current => run is { IsOver: false } ? run : null;

    /// <summary>Begins a run.</summary>
    /// <param name="create">Makes it, with a number of its own.</param>
    /// <param name="actions">What is to be done.</param>
    /// <returns>Null when the pool is at another one.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public PoolRun? TryBegin(Func<int, PoolRun> create, out PoolActions actions)
    {
        actions = default;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(hasEnded, this);
            if (Current is not null)
            {
                return null;
            }

            run = create(++runCount);
            foreach (var worker in workers.All)
            {
                if (worker.Process is { Phase: ProcessPhase.Working } process)
                {
                    process.SentBefore = process.Sent;
                    run.State.Scheduler.Up(worker.Index);
                }
            }

            sender.SendAll(Current, ref actions);
            return run;
        }
    }

    public bool HasRoom(PoolRun asked)
    {
        lock (gate)
        {
            return asked.IsOver || asked.State.Scheduler.HasRoom;
        }
    }

    /// <summary>An item is there, for the worker of a number, or for any when that is negative.</summary>
    public PoolActions Add(PoolRun to, WorkItem item, int number)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (!to.IsOver)
            {
                to.State.Add(item, number);
                if (number >= 0)
                {
                    allocator.Open(workers.All[number], ref actions);
                }

                sender.SendAll(Current, ref actions);
            }
        }

        return actions;
    }

    /// <summary>An item is there that cannot be sent to any worker.</summary>
    public PoolActions AddUnsendable(PoolRun to, WorkItem item, Exception reason)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (!to.IsOver && to.State.AddUnsendable(item, reason) is { } end)
            {
                closer.HaltIfDue(to, ref actions);
                actions.Add(new WriteLog(log => log.WriteEnds(to.Options, [end])));
                RunCloser.Publish(to, [new ItemLost(end)], ref actions);
            }
        }

        return actions;
    }

    /// <summary>No more items will come.</summary>
    public PoolActions CompleteAdding(PoolRun to)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            to.State.Scheduler.CompleteAdding();
            sender.SendAll(Current, ref actions);
            closer.CloseIfDone(to, ref actions);
        }

        return actions;
    }

    /// <summary>A run is to begin no other items, because somebody wants it so.</summary>
    public PoolActions Halt(PoolRun halted, HaltMode mode)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (!halted.IsOver)
            {
                closer.Halt(halted, mode, ref actions);
            }
        }

        return actions;
    }

    /// <summary>A run is to end before its time: who reads it comes to its end, and its workers give it up.</summary>
    public PoolActions Close(PoolRun closed, RunFailure? failure)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            closer.Close(closed, failure, ref actions);
        }

        return actions;
    }

    /// <summary>The pool has ended.</summary>
    public PoolActions End(bool wasStopped)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            hasEnded = true;
            if (run is not null)
            {
                run.IsOver = true;
                actions.Add(new CloseRun(run, null, wasStopped));
            }
        }

        return actions;
    }

    /// <summary>Events of a run were put where its reader finds them.</summary>
    public PoolActions Published(PoolRun to)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            to.Pending--;
            closer.CloseIfDone(to, ref actions);
        }

        return actions;
    }

    /// <summary>The worker that holds all there is still to do in a run; null when others, or time, may bring its next event as well.</summary>
    public (Worker Worker, ProcessState Process)? OnlyWorkerAt(PoolRun asked)
    {
        lock (gate)
        {
            var scheduler = asked.State.Scheduler;
            if (asked != Current || !scheduler.IsComplete || scheduler.Queued > 0)
            {
                return null;
            }

            foreach (var worker in workers.All)
            {
                if (scheduler.HeldBy(worker.Index) is > 0 and var held)
                {
                    return held == scheduler.Held && worker.Process is { Phase: ProcessPhase.Working } process ? (worker, process) : null;
                }
            }

            return null;
        }
    }

    /// <summary>The pool is to end before its run: tells what becomes of that.</summary>
    public PoolActions BeginStop()
    {
        PoolActions actions = default;
        lock (gate)
        {
            if (Current is { IsOver: false } current)
            {
                closer.ReportStop(current, ref actions);
            }
        }

        return actions;
    }

    /// <summary>Asks an item to stop that is under way; it ends as stopped, and the run goes on.</summary>
    /// <returns>Whether it is under way.</returns>
    public bool TryStopItem(long index, out PoolActions actions)
    {
        actions = default;
        lock (gate)
        {
            foreach (var worker in allocator.Living)
            {
                if (worker.Process is { Phase: ProcessPhase.Working } process && Current?.State.Scheduler.Current(worker.Index)?.Index == index)
                {
                    process.Stop(index);
                    sender.Send(worker, Current, ref actions);
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Nobody wants some items any more: none of them is begun from here on.</summary>
    public PoolActions GiveUp(PoolRun of, IReadOnlySet<WorkItem> items)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (!of.IsOver)
            {
                of.State.GiveUp(items);
                closer.CloseIfDone(of, ref actions);
            }
        }

        return actions;
    }

    /// <summary>How the workers and the run stand.</summary>
    public PoolStatus GetStatus(DateTimeOffset started, bool isEnded)
    {
        lock (gate)
        {
            return PoolStatus.Of(options.Name, Target, allocator.Living, Current?.State, started, isEnded, options.LogPath(), ItemStart);
        }
    }

    public RunProgress GetProgress(PoolRun asked)
    {
        lock (gate)
        {
            var state = asked.State;
            return new RunProgress(state.Scheduler.Added, state.Scheduler.IsComplete, state.Ended, state.Failed, PoolStatus.StatusOf(allocator.Living, state.Scheduler, ItemStart))
            {
                Retried = state.Retried,
                WorkerCount = Target,
                Slowest = state.Slowest,
            };
        }
    }
}
