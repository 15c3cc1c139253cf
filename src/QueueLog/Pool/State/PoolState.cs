using QueueLog.Pool.Processes;
using QueueLog.Pool.Scheduling;
using QueueLog.Records;

namespace QueueLog.Pool.State;

/// <summary>
/// What a pool knows: its workers and their processes, its run, and who holds which item. It owns the pool's only lock. Whatever happens
/// is told to one of its methods, which changes what is known and returns what is to be done; the caller does that without the lock.
/// </summary>
internal sealed class PoolState
{
    // Each step is short, and run, items and workers only make sense together.
    private readonly object gate = new();
    private readonly WorkerPoolOptions options;
    private readonly WorkerList workers = new();
    private readonly WorkerAllocator allocator;
    private readonly FrameComposer composer;
    private PoolRun? run;
    private int runCount;
    private int lastSent;
    private bool hasEnded;

    /// <summary>Begins without a run and without processes.</summary>
    public PoolState(WorkerPoolOptions options)
    {
        this.options = options;
        workers.Grow(options.Count);
        allocator = new WorkerAllocator(workers, options.Count);
        composer = new FrameComposer(options);
    }

    /// <summary>The present run, or the last.</summary>
    public PoolRun? Run => run;

    /// <summary>Whether a process has ever been ready for work.</summary>
    public bool WasReady { get; private set; }

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
                return Current is { } current && (current.Options.ItemTimeout is not null || options.MaxWorkerMemory < long.MaxValue || current.State.Scheduler.Delayed > 0);
            }
        }
    }

    private PoolRun? Current => run is { IsOver: false } ? run : null;

    /// <summary>Begins a run.</summary>
    /// <param name="create">Makes it, with a number of its own.</param>
    /// <param name="actions">What is to be done.</param>
    /// <returns>Null when the pool is at another one, or has ended.</returns>
    public PoolRun? TryBegin(Func<int, PoolRun> create, out PoolActions actions)
    {
        actions = default;
        lock (gate)
        {
            if (Current is not null || hasEnded)
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

            ComposeAll(ref actions);
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

                ComposeAll(ref actions);
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
            ComposeAll(ref actions);
            CloseIfDone(to, ref actions);
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

    /// <summary>A worker is to have processes from now on, as long as there is work for it.</summary>
    public PoolActions Open(Worker worker)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            allocator.Open(worker, ref actions);
        }

        return actions;
    }

    /// <summary>There are to be so many workers. Those that are too many finish what they have begun.</summary>
    public PoolActions Resize(int count)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            allocator.Resize(count, opensAll: options.StaysWarm, Current, ref actions);
            ComposeAll(ref actions);
        }

        return actions;
    }

    /// <summary>A worker is to have a new process, not started yet.</summary>
    /// <returns>Null when there is no need for one.</returns>
    public ProcessState? TryAssign(Worker worker, WorkerProcess process)
    {
        lock (gate)
        {
            return allocator.IsNeeded(worker, Current) ? worker.Process = new ProcessState(process) : null;
        }
    }

    /// <summary>A process has greeted.</summary>
    public PoolActions Connected(Worker worker, ProcessState process)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            // A warm pool without work: there is nothing to be ready for.
            process.WasReady |= options.StaysWarm && Current is null && options.Initialization is null;
            WasReady |= process.WasReady;
            process.Connect();
            Current?.State.Scheduler.Up(worker.Index);
            Compose(worker, ref actions);
        }

        return actions;
    }

    /// <summary>A process has loaded a definition, or could not.</summary>
    /// <param name="worker">Its worker.</param>
    /// <param name="process">The process.</param>
    /// <param name="definition">Number of the definition's run; 0 for what prepares a warm pool's workers.</param>
    /// <param name="failure">Why it could not; null when it has.</param>
    public PoolActions Ready(Worker worker, ProcessState process, int definition, RunFailure? failure)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (failure is null)
            {
                process.WasReady = WasReady = true;
                worker.Failures = 0;
            }
            else if (!options.StaysWarm || definition == 0)
            {
                actions.Add(new FailPool(failure));
            }
            else if (definition == run?.Id)
            {
                Close(run, failure, ref actions);
            }
        }

        return actions;
    }

    /// <summary>A process has sent results: first it gets its next items, then they go to whoever reads the run.</summary>
    /// <exception cref="Wire.ProtocolException">They are not true.</exception>
    public PoolActions Received(Worker worker, ProcessState process, ResultFrame frame)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (Current is not { } current || (process.CancelledRun != 0 && process.CancelledRun != current.Id))
            {
                frame.Dispose();
                return actions;
            }

            var queued = current.State.Scheduler.Queued;
            var ends = current.State.Apply(frame, worker);
            HaltIfDue(current, ref actions);
            Compose(worker, ref actions);
            if (ends is not null)
            {
                actions.Add(new WriteLog(log => log.WriteEnds(current.Options, ends)));
            }

            // What was given back, or is tried again, may run elsewhere.
            if (ends is not null || current.State.Scheduler.Queued > queued)
            {
                ComposeAll(ref actions);
            }

            if (current.State.Scheduler.Delayed > 0)
            {
                actions.Add(new Watch());
            }

            Publish(current, [new WorkResults(worker.Name, frame)], ref actions);
        }

        return actions;
    }

    /// <summary>A process has written a line past its streams, to be said in the log; <see cref="Received(Worker, bool, string)"/> follows.</summary>
    // Two steps: no run is held open by a log that is slow to take a line.
    public PoolActions Written(Worker worker, bool isError, string line)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            var current = Current;
            if (current is not { NoCapture: true })
            {
                actions.Add(new WriteLine(worker, worker.Pid, current?.State.Scheduler.Current(worker.Index), isError, line));
            }
        }

        return actions;
    }

    /// <summary>A line of a process goes to whoever reads the run.</summary>
    public PoolActions Received(Worker worker, bool isError, string line)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (Current is { } current)
            {
                Publish(current, [new WorkerLine(worker.Name, isError, line)], ref actions);
            }
        }

        return actions;
    }

    /// <summary>A process has given up the run that it was asked to.</summary>
    /// <param name="worker">Its worker.</param>
    /// <param name="process">The process.</param>
    /// <param name="begun">How many items it had begun in its life.</param>
    public PoolActions Cancelled(Worker worker, ProcessState process, long begun)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            // A run that was only cut short is over, and another may have begun meanwhile.
            var halted = Current is { } present && present.Id == process.CancelledRun ? present : null;
            var begunInRun = begun - process.SentBefore;
            if (!process.TryConfirm())
            {
                return actions;
            }

            var ends = halted?.State.EndCancelled(worker, begunInRun);
            Current?.State.Scheduler.Up(worker.Index);
            Compose(worker, ref actions);
            if (ends is not null)
            {
                Publish(halted!, ends.ConvertAll(static end => (WorkEvent)new ItemLost(end)), ref actions);
            }
        }

        return actions;
    }

    /// <summary>A process has had its time to give up a run.</summary>
    public PoolActions CancellationTimedOut(Worker worker, ProcessState process, int cancelledRun)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (process.TryAbandon(cancelledRun))
            {
                actions.Add(new KillProcess(worker, process, "it did not give up its item"));
            }
        }

        return actions;
    }

    /// <summary>A process has ended: what it had not begun goes to others, what it was at is tried again or reported.</summary>
    /// <param name="worker">Its worker.</param>
    /// <param name="process">The process.</param>
    /// <param name="begun">How many items it had begun in its life.</param>
    /// <param name="death">How it ended.</param>
    /// <param name="isAsked">Whether the pool has it end: an item given up on request is no loss to report.</param>
    /// <param name="startedAt">When it began the item it was at, in ticks of the monotonic clock; 0 when it was at none.</param>
    public PoolActions Ended(Worker worker, ProcessState process, long begun, WorkerDeath death, bool isAsked, long startedAt)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            var cancelled = process.End();
            worker.Failures += process.WasReady ? 0 : 1;
            var current = cancelled != 0 && cancelled != run?.Id ? null : Current;
            var ends = current?.State.EndProcess(worker, begun - process.SentBefore, death, isAsked, startedAt) ?? [];
            var wasToldToEnd = process.Retirement == ProcessRetirement.EndRequested;
            actions.Add(new WriteLog(log => log.WorkerEnded(worker.Name, death, ends, isAsked || wasToldToEnd)));
            if (wasToldToEnd && worker.IsOpen && !isAsked)
            {
                var sent = process.Sent;
                actions.Add(new WriteLog(log => log.WorkerRecycled(worker.Name, death.Pid, sent)));
            }

            if (current is null)
            {
                return actions;
            }

            actions.Add(new WriteLog(log => log.WriteEnds(current.Options, ends)));
            HaltIfDue(current, ref actions);
            ComposeAll(ref actions);
            actions.Add(new Watch());
            Publish(current, ends.ConvertAll(static end => (WorkEvent)new ItemLost(end)), ref actions);
        }

        return actions;
    }

    /// <summary>Time has passed: items may take too long, and others are to be tried again.</summary>
    /// <param name="progress">What each worker is at.</param>
    /// <param name="actions">What is to be done.</param>
    /// <returns>When to look again; null when nothing is to be looked after.</returns>
    public TimeSpan? Look(SharedProgress progress, out PoolActions actions)
    {
        actions = default;
        lock (gate)
        {
            if (Current is not { } current)
            {
                return null;
            }

            var next = PoolWatch.Look(current, workers, progress, ref actions);
            if (options.MaxWorkerMemory < long.MaxValue)
            {
                next = PoolWatch.Sooner(next, PoolWatch.Longest);
            }

            ComposeAll(ref actions);
            return next;
        }
    }

    /// <summary>A process uses so many bytes of memory; one that has grown too large is replaced.</summary>
    public PoolActions MemoryMeasured(Worker worker, ProcessState process, long bytes)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (Current is { } current && process is { Phase: ProcessPhase.Working, WasReady: true, Retirement: ProcessRetirement.None })
            {
                if (process.FirstMemory == 0)
                {
                    process.FirstMemory = bytes;
                }
                else if (bytes - process.FirstMemory > options.MaxWorkerMemory)
                {
                    process.Retire(current.State.Scheduler.HeldBy(worker.Index));
                    Compose(worker, ref actions);
                }
            }
        }

        return actions;
    }

    /// <summary>What was composed for a process is sent: composes what has come together by then.</summary>
    /// <returns>False when there is nothing more to send.</returns>
    public bool ComposeNext(Worker worker, ProcessState process)
    {
        lock (gate)
        {
            return process.IsSending = TryCompose(worker, process);
        }
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

    /// <summary>The processes there are, and whether each has greeted and takes part.</summary>
    public List<(Worker Worker, ProcessState Process, bool IsWorking)> Processes()
    {
        var found = new List<(Worker, ProcessState, bool)>();
        lock (gate)
        {
            foreach (var worker in workers.All)
            {
                if (worker.Process is { } process)
                {
                    found.Add((worker, process, process.Phase == ProcessPhase.Working));
                }
            }
        }

        return found;
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

    /// <summary>How the workers and the run stand.</summary>
    public PoolStatus GetStatus(DateTimeOffset started, bool isEnded)
    {
        lock (gate)
        {
            return PoolStatus.Of(options.Name, Target, allocator.Living, Current?.State, started, isEnded);
        }
    }

    public RunProgress GetProgress(PoolRun asked)
    {
        lock (gate)
        {
            var state = asked.State;
            return new RunProgress(state.Scheduler.Added, state.Scheduler.IsComplete, state.Ended, state.Failed, PoolStatus.StatusOf(allocator.Living, state.Scheduler));
        }
    }

    // From here on: what the methods above do under the lock.
    private void Close(PoolRun closed, RunFailure? failure, ref PoolActions actions)
    {
        if (closed.IsOver)
        {
            return;
        }

        closed.IsOver = true;
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
        if (current.Options.Halt.Mode == HaltMode.Now)
        {
            Cancel(current, ref actions);
            return;
        }

        foreach (var worker in workers.All)
        {
            if (worker.Process is { Phase: ProcessPhase.Working } process && current.State.Scheduler.HeldBy(worker.Index) > 0)
            {
                process.Withdraw();
                Compose(worker, ref actions);
            }
        }
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
                actions.Add(new AwaitCancellation(worker, process, cancelled.Id));
                Compose(worker, ref actions);
            }
        }
    }

    private void ComposeAll(ref PoolActions actions)
    {
        // Items may have come back for which no worker is left: those that there is nothing to do for lose their processes.
        if (Current is { } current)
        {
            allocator.OpenFor(current, ref actions);
        }

        // From the worker on that was sent something last: when there is too little for all, it goes where the code is warm.
        var all = workers.All;
        var first = lastSent;
        for (var i = 0; i < all.Length; i++)
        {
            Compose(all[(first + i) % all.Length], ref actions);
        }
    }

    private void Compose(Worker worker, ref PoolActions actions)
    {
        if (worker.Process is { IsSending: false } process && TryCompose(worker, process))
        {
            process.IsSending = true;
            actions.Add(new SendFrames(worker, process));
        }
    }

    private bool TryCompose(Worker worker, ProcessState process)
    {
        var items = composer.Compose(worker, process, Current);
        lastSent = items > 0 ? worker.Index : lastSent;
        return items is not null;
    }

    /// <summary>Has events published; the run is not over before they are.</summary>
    private static void Publish(PoolRun current, IReadOnlyList<WorkEvent> events, ref PoolActions actions)
    {
        current.Pending++;
        actions.Add(new PublishEvents(current, events));
    }

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
