using System.Buffers;
using QueueLog.Records;
using QueueLog.Scheduling;
using QueueLog.Wire;

namespace QueueLog.Workers;

/// <summary>What a pool is working at: the present run, who holds what of it, and what the workers said. Knows no processes' lives.</summary>
internal sealed class PoolWork
{
    // One lock for the run, its state and the slots: each step is short, and they only make sense together.
    private readonly object gate = new();
    private readonly WorkerPoolOptions options;
    private readonly SlotList slots;
    private readonly PoolLog log;
    private readonly IPoolOwner owner;
    private readonly WorkerAllocator allocator;
    private readonly WorkSender sender;
    private readonly Cancellation cancellation;
    private PoolRun? run;
    private int runCount;

    /// <summary>Begins without a run.</summary>
    /// <param name="options">The pool's settings.</param>
    /// <param name="slots">The pool's workers.</param>
    /// <param name="log">Where the pool tells of them.</param>
    /// <param name="owner">Who starts and ends processes.</param>
    public PoolWork(WorkerPoolOptions options, SlotList slots, PoolLog log, IPoolOwner owner)
    {
        this.options = options;
        this.slots = slots;
        this.log = log;
        this.owner = owner;
        allocator = new WorkerAllocator(slots, owner, options.Count);
        sender = new WorkSender(gate, slots, options.StaysWarm, options.Initialization is { } first ? PoolRun.ToFrame(first) : default, options.MaxItemsPerWorker);
        cancellation = new Cancellation(gate, slots, sender, log, options);
    }

    /// <summary>The present run, or the last.</summary>
    public PoolRun? Run => run;

    /// <summary>Whether a process has ever been ready for work.</summary>
    public bool WasReady { get; private set; }

    /// <summary>How many workers there may be.</summary>
    public int Target => allocator.Target;

    /// <summary>Whether time may bring something to the present run.</summary>
    public bool IsToBeWatched
    {
        get
        {
            lock (gate)
            {
                return Current is { } current && PoolWatch.IsNeeded(current, options);
            }
        }
    }

    private PoolRun? Current => run is { IsOver: false } ? run : null;

    /// <summary>Begins a run.</summary>
    /// <returns>Null when the pool is at another one.</returns>
    public PoolRun? TryBegin(WorkDefinition definition, RunOptions runOptions)
    {
        PoolRun begun;
        lock (gate)
        {
            if (Current is not null)
            {
                return null;
            }

            begun = new PoolRun(this, definition with { Id = ++runCount }, runOptions, new RunState(runOptions, slots.Count, options.Time));
            sender.Run = run = begun;
            foreach (var slot in slots.All)
            {
                if (slot.Process is { IsUp: true } process)
                {
                    process.SentBefore = process.Sent;
                    begun.State.Scheduler.Up(slot.Index);
                }
            }
        }

        sender.SendToAll();
        return begun;
    }

    public bool HasRoom(PoolRun asked)
    {
        lock (gate)
        {
            return asked.IsOver || asked.State.Scheduler.HasRoom;
        }
    }

    /// <summary>Adds an item for one worker, or for any when the number is negative.</summary>
    public void Add(PoolRun to, WorkItem item, int worker)
    {
        lock (gate)
        {
            if (to.IsOver)
            {
                return;
            }

            to.State.Add(item, worker);
            allocator.OpenFor(to, worker);
        }

        sender.SendToAll();
    }

    public void CompleteAdding(PoolRun to)
    {
        lock (gate)
        {
            to.State.Scheduler.CompleteAdding();
        }

        sender.SendToAll();
        CloseIfDone(to);
    }

    /// <summary>Ends a run before its time: who reads it comes to its end, and its workers give it up.</summary>
    public void Close(PoolRun closed, RunFailure? failure)
    {
        List<WorkerSlot> held;
        lock (gate)
        {
            if (closed.IsOver)
            {
                return;
            }

            closed.IsOver = true;
            closed.State.Scheduler.Abandon();
            held = options.StaysWarm ? cancellation.Cancel(closed) : [];
        }

        cancellation.Send(held);

        // At once: a reader of results that waits for room here would hold up the end of its worker.
        closed.Close(failure, wasStopped: failure is null);
    }

    /// <summary>Waits until no place is being filled any more; the owner fills none from now on.</summary>
    public void Seal()
    {
        lock (gate)
        {
        }
    }

    /// <summary>Marks the present run as over for good, its pool having ended.</summary>
    public void End(bool wasStopped)
    {
        lock (gate)
        {
            if (run is null)
            {
                return;
            }

            run.IsOver = true;
        }

        run.Close(null, wasStopped);
    }

    /// <summary>Has a place filled from now on, as long as there is work for it.</summary>
    public void Open(WorkerSlot slot)
    {
        lock (gate)
        {
            allocator.Open(slot);
        }
    }

    /// <summary>Changes how many workers there are. Those that are too many finish what they have begun.</summary>
    public void Resize(int count)
    {
        lock (gate)
        {
            allocator.Resize(count, fillsAll: options.StaysWarm, Current);
        }

        sender.SendToAll();
    }

    /// <summary>Gives a place a new process, not started yet.</summary>
    /// <returns>False when the work needs none there.</returns>
    public bool TryPlace(WorkerSlot slot, WorkerProcess worker)
    {
        lock (gate)
        {
            if (!allocator.IsNeeded(slot, Current))
            {
                return false;
            }

            slot.Process = worker;
            return true;
        }
    }

    /// <summary>Counts a process in that has greeted.</summary>
    public void TakeUp(WorkerSlot slot, WorkerProcess worker)
    {
        lock (gate)
        {
            // A warm pool without work: there is nothing to be ready for.
            worker.WasReady |= options.StaysWarm && Current is null && options.Initialization is null;
            WasReady |= worker.WasReady;
            worker.IsRetiring |= !slot.IsOpen;
            CountIn(slot, worker);
        }

        sender.SendTo(slot);
    }

    /// <summary>The worker that holds all there is still to do in a run; null when others, or time, may bring its next event as well.</summary>
    public (WorkerSlot Slot, WorkerProcess Worker)? OnlyWorkerAt(PoolRun asked)
    {
        lock (gate)
        {
            var scheduler = asked.State.Scheduler;
            if (asked != Current || !scheduler.IsComplete || scheduler.Queued > 0)
            {
                return null;
            }

            foreach (var slot in slots.All)
            {
                if (scheduler.HeldBy(slot.Index) is > 0 and var held)
                {
                    return held == scheduler.Held && slot.Process is { IsUp: true } worker ? (slot, worker) : null;
                }
            }

            return null;
        }
    }

    /// <summary>Takes note of whether a worker has loaded a definition.</summary>
    /// <returns>What keeps it from doing so, and whether the whole pool is of no use then; null when nothing does.</returns>
    public (RunFailure Failure, bool IsFinal)? TakeReady(WorkerSlot slot, WorkerProcess worker, Frame frame)
    {
        var (id, errorId, message) = WorkCodec.ReadReady(frame.Payload.Span);
        lock (gate)
        {
            if (errorId.Length == 0)
            {
                worker.WasReady = WasReady = true;
                slot.Failures = 0;
                return null;
            }

            // Runs are numbered from 1; 0 is what prepares the workers.
            return options.StaysWarm && id != 0 && id != run?.Id ? null : (new RunFailure(errorId, message), !options.StaysWarm || id == 0);
        }
    }

    /// <summary>Counts a worker in again that has given up a run.</summary>
    public async ValueTask TakeCancelledAsync(WorkerSlot slot, WorkerProcess worker, long begun)
    {
        PoolRun? halted;
        var ends = new List<ItemEnd>();
        lock (gate)
        {
            if (worker.IsGivenUp)
            {
                return;
            }

            // A run that was only cut short is over, and another may have begun meanwhile.
            halted = Current is { } present && present.Id == worker.CancelledRun ? present : null;
            if (halted is not null)
            {
                ends = halted.State.TakeCancelled(slot, worker.Pid, begun - worker.SentBefore);
                halted.Pending += 1 + ends.Count;
            }

            worker.CancelledRun = 0;
            worker.SentBefore = worker.Sent;
            CountIn(slot, worker);
        }

        sender.SendTo(slot);
        if (halted is not null)
        {
            await PublishAsync(halted, ends).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a frame of results: first the worker gets its next items, then the frame goes to whoever reads the run.</summary>
    public async ValueTask TakeResultsAsync(WorkerSlot slot, WorkerProcess worker, Frame frame)
    {
        PoolRun? current;
        List<WorkerSlot> halted;
        Queue<WorkItem>? items;
        Queue<ItemEnd>? ends;
        var mustWatch = false;
        lock (gate)
        {
            current = Current;
            if (current is null || (worker.IsCancelling && worker.CancelledRun != current.Id))
            {
                return;
            }

            (items, ends) = current.State.TakeFrame(slot, worker.Pid, frame.Payload.Span);
            mustWatch = current.State.Scheduler.Delayed > 0;
            halted = cancellation.HaltIfDue(current);
            current.Pending++;
        }

        cancellation.Send(halted);
        sender.SendTo(slot);
        if (ends is not null)
        {
            log.TakeEnds(current.Options, ends);

            // What is tried again may run elsewhere.
            sender.SendToAll();
        }

        if (mustWatch)
        {
            owner.Watch();
        }

        var buffer = ArrayPool<byte>.Shared.Rent(frame.Payload.Length);
        frame.Payload.Span.CopyTo(buffer);
        await PublishAsync(current, new WorkResults(slot.Name, buffer, frame.Payload.Length, items, ends)).ConfigureAwait(false);
    }

    public async ValueTask TakeLineAsync(WorkerSlot slot, bool isError, string line)
    {
        var (isLogged, pid, item) = LineContext(slot);
        if (isLogged)
        {
            await log.WriteLineAsync(slot.Name, pid, item, isError, line).ConfigureAwait(false);
        }

        if (TryHold() is { } current)
        {
            await PublishAsync(current, new WorkerLine(slot.Name, isError, line)).ConfigureAwait(false);
        }
    }

    /// <summary>Counts a process out: what it had not begun goes to others, what it was at is tried again or reported.</summary>
    /// <param name="slot">Its place.</param>
    /// <param name="worker">The process.</param>
    /// <param name="begun">How many items it had begun in its life.</param>
    /// <param name="death">How it ended.</param>
    /// <param name="isAsked">Whether it was asked to end: an item given up on request is no loss to report.</param>
    /// <param name="startedAt">When it began the item it was at, in ticks of the monotonic clock; 0 when it was at none.</param>
    public async Task TakeLeaveAsync(WorkerSlot slot, WorkerProcess worker, long begun, WorkerDeath death, bool isAsked, long startedAt)
    {
        PoolRun? current;
        List<WorkerSlot> halted;
        List<ItemEnd> ends;
        lock (gate)
        {
            worker.IsUp = false;
            var wasAtOther = worker.IsCancelling && worker.CancelledRun != run?.Id;
            worker.CancelledRun = 0;
            slot.Failures += worker.WasReady ? 0 : 1;
            current = wasAtOther ? null : Current;
            ends = current?.State.TakeLeave(slot, begun - worker.SentBefore, death, isAsked, startedAt) ?? [];
            halted = current is null ? [] : cancellation.HaltIfDue(current);
            if (current is not null)
            {
                current.Pending += 1 + ends.Count;
            }
        }

        log.WorkerEnded(slot.Name, death, ends, isAsked || worker.IsToldToEnd);
        if (worker.IsToldToEnd && slot.IsOpen && !isAsked)
        {
            log.WorkerRecycled(slot.Name, death.Pid, worker.Sent);
        }

        if (current is null)
        {
            return;
        }

        log.TakeEnds(current.Options, ends);
        cancellation.Send(halted);
        sender.SendToAll();
        owner.Watch();
        await PublishAsync(current, ends).ConfigureAwait(false);
    }

    /// <summary>Sees to what time brings: items that take too long, items to be tried again, processes that have grown too large.</summary>
    /// <returns>When to look again; null when nothing is to be looked after.</returns>
    public TimeSpan? LookAfter(SharedProgress progress)
    {
        TimeSpan? next;
        List<(string Worker, WorkerProcess Process)> overdue = [];
        lock (gate)
        {
            if (Current is not { } current)
            {
                return null;
            }

            next = PoolWatch.Look(current, slots, progress, options, overdue);
        }

        foreach (var (worker, process) in overdue)
        {
            log.WorkerKilled(worker, process.Pid, "it did not stop its item in time");
            process.Kill();
        }

        sender.SendToAll();
        return next;
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

    /// <summary>What the log says of a line that a worker writes now: whether at all, of which process, and the item it is at.</summary>
    private (bool IsLogged, int Pid, WorkItem? Item) LineContext(WorkerSlot slot)
    {
        lock (gate)
        {
            var current = Current;
            return (current is not { NoCapture: true }, slot.Process?.Pid ?? 0, current?.State.Scheduler.Current(slot.Index));
        }
    }

    private void CountIn(WorkerSlot slot, WorkerProcess worker)
    {
        worker.IsUp = true;
        Current?.State.Scheduler.Up(slot.Index);
    }

    /// <summary>Keeps the present run from being over until what is held for it is published.</summary>
    private PoolRun? TryHold()
    {
        lock (gate)
        {
            if (Current is not { } current)
            {
                return null;
            }

            current.Pending++;
            return current;
        }
    }

    private async ValueTask PublishAsync(PoolRun current, List<ItemEnd> ends)
    {
        foreach (var end in ends)
        {
            await PublishAsync(current, new ItemLost(end)).ConfigureAwait(false);
        }

        await PublishAsync(current, (WorkEvent?)null).ConfigureAwait(false);
    }

    private async ValueTask PublishAsync(PoolRun current, WorkEvent? workEvent)
    {
        if (workEvent is not null)
        {
            await current.PublishAsync(workEvent).ConfigureAwait(false);
        }

        lock (gate)
        {
            current.Pending--;
        }

        CloseIfDone(current);
    }

    private void CloseIfDone(PoolRun current)
    {
        ItemsSkipped? skipped = null;
        lock (gate)
        {
            if (current.IsOver || current.Pending > 0 || !current.State.Scheduler.IsDone)
            {
                return;
            }

            skipped = current.State.TakeSkipped();
            if (skipped is null)
            {
                // A pool that ends with its run closes it when the last process is gone: it may still have lines to write.
                current.IsOver = options.StaysWarm;
            }
            else
            {
                current.Pending++;
            }
        }

        if (skipped is not null)
        {
            _ = PublishAsync(current, skipped).AsTask();
            return;
        }

        if (options.StaysWarm)
        {
            current.Close(null, wasStopped: false);
        }

        owner.TakeEndOfRun();
    }
}

/// <summary>Who starts and ends the processes that a pool's work needs. Called under the pool's lock: nothing here waits.</summary>
internal interface IPoolOwner
{
    /// <summary>A place is to have a process.</summary>
    void Fill(WorkerSlot slot);

    /// <summary>There is something to be looked after as time goes by.</summary>
    void Watch();

    /// <summary>A run has ended by itself. Called without the lock.</summary>
    void TakeEndOfRun();
}
