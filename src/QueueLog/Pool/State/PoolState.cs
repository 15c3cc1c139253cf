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
                return Current is { } current && (current.Options.ItemTimeout is not null || current.State.UntilTimeout is not null || options.MaxWorkerMemory < long.MaxValue || current.State.Scheduler.Delayed > 0);
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
                HaltIfDue(to, ref actions);
                actions.Add(new WriteLog(log => log.WriteEnds(to.Options, [end])));
                Publish(to, [new ItemLost(end)], ref actions);
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
            CloseIfDone(to, ref actions);
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
                halted.State.Halt();
                halted.MarkHalted();
                Withdraw(halted, mode, ref actions);
                CloseIfDone(halted, ref actions);
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
            Close(closed, failure, ref actions);
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
            CloseIfDone(to, ref actions);
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
                ReportStop(current, ref actions);
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

    // From here on: what the methods above do under the lock.
    private void ReportStop(PoolRun stopped, ref PoolActions actions)
    {
        if (stopped.State.Scheduler is { IsDone: false } scheduler)
        {
            var cut = PoolStatus.StatusOf(allocator.Living, scheduler, ItemStart).Count(worker => worker.State == WorkerState.Busy);
            var done = stopped.State.Ended;
            actions.Add(new WriteLog(log => log.Stopped(done, cut, scheduler.Added - done - cut)));
        }
    }

    private void Close(PoolRun closed, RunFailure? failure, ref PoolActions actions)
    {
        if (closed.IsOver)
        {
            return;
        }

        closed.IsOver = true;
        if (failure is null)
        {
            ReportStop(closed, ref actions);
        }

        closed.State.Scheduler.Abandon();
        if (options.StaysWarm)
        {
            Cancel(closed, ref actions);
        }

        // At once: a reader of results that waits for room here would hold up the end of its worker.
        actions.Add(new CloseRun(closed, failure, WasStopped: failure is null));
    }

    /// <summary>Halts a run in which too many items have failed; asked after each change.</summary>
    private void HaltIfDue(PoolRun current, ref PoolActions actions)
    {
        if (!current.State.TryHalt())
        {
            return;
        }

        current.MarkHalted();
        var (failed, ended) = (current.State.Failed, current.State.Ended);
        actions.Add(new WriteLog(log => log.Halted($"{failed} of {ended} items failed")));
        Withdraw(current, current.Options.Halt.Mode, ref actions);
    }

    /// <summary>Asks the workers for what they have not begun of a halted run, or for all of it.</summary>
    private void Withdraw(PoolRun halted, HaltMode mode, ref PoolActions actions)
    {
        if (mode == HaltMode.Now)
        {
            Cancel(halted, ref actions);
            return;
        }

        foreach (var worker in workers.All)
        {
            if (worker.Process is { Phase: ProcessPhase.Working } process && halted.State.Scheduler.HeldBy(worker.Index) > 0)
            {
                process.Withdraw();
                sender.Send(worker, Current, ref actions);
            }
        }
    }

    /// <summary>Ends a run that takes longer than it may.</summary>
    private void HaltIfTimedOut(PoolRun current, ref PoolActions actions)
    {
        if (!current.State.TryTimeOut())
        {
            return;
        }

        current.MarkHalted();
        actions.Add(new WriteLog(log => log.Halted($"it took longer than {current.Options.RunTimeout}")));
        Cancel(current, ref actions);
        CloseIfDone(current, ref actions);
    }

    /// <summary>Asks the workers that hold something of a run to give it up.</summary>
    private void Cancel(PoolRun cancelled, ref PoolActions actions)
    {
        foreach (var worker in workers.All)
        {
            if (cancelled.State.Scheduler.HeldBy(worker.Index) > 0 && worker.Process is { Phase: ProcessPhase.Working } process)
            {
                // Before anybody can send the request: its acknowledgement may come at once.
                process.Process.ExpectAcknowledgement();
                process.Cancel(cancelled.Id);
                actions.Add(new AwaitCancellation(worker, process, cancelled.Id, cancelled.Options.Grace));
                sender.Send(worker, Current, ref actions);
            }
        }
    }

    /// <summary>Has events published; the run is not over before they are.</summary>
    private static void Publish(PoolRun current, IReadOnlyList<WorkEvent> events, ref PoolActions actions)
    {
        current.Pending++;
        actions.Add(new PublishEvents(current, events));
    }

    private static void PublishLost(PoolRun current, List<ItemEnd> ends, ref PoolActions actions) =>
        Publish(current, ends.ConvertAll(static end => (WorkEvent)new ItemLost(end)), ref actions);

    private void CloseIfDone(PoolRun current, ref PoolActions actions)
    {
        if (current.IsOver || current.Pending > 0 || !current.State.Scheduler.IsDone)
        {
            return;
        }

        if (current.State.DequeueSkipped() is { } skipped)
        {
            Publish(current, [skipped], ref actions);
            return;
        }

        // A pool that ends with its run closes it when the last process is gone: it may still have lines to write.
        if (options.StaysWarm)
        {
            current.IsOver = true;
            actions.Add(new CloseRun(current, null, WasStopped: false));
        }

        actions.Add(new EndRun());
    }
}
