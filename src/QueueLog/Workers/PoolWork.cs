using System.Buffers;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Workers;

/// <summary>What a pool is working at: the present run, who holds what of it, and what the workers said. Knows no processes' lives.</summary>
internal sealed class PoolWork
{
    // One lock for the run, the scheduler and the slots: each step is short, and they only make sense together.
    private readonly object gate = new();
    private readonly WorkerPoolOptions options;
    private readonly WorkerSlot[] slots;
    private readonly Action onDone;
    private readonly WorkSender sender;
    private PoolRun? run;
    private int runCount;

    /// <summary>Begins without a run.</summary>
    /// <param name="options">The pool's settings.</param>
    /// <param name="slots">The pool's workers.</param>
    /// <param name="onDone">Called when a run has ended by itself.</param>
    public PoolWork(WorkerPoolOptions options, WorkerSlot[] slots, Action onDone)
    {
        this.options = options;
        this.slots = slots;
        this.onDone = onDone;
        sender = new WorkSender(gate, slots, options.StaysWarm, options.Initialization is { } first ? PoolRun.ToFrame(first) : default);
    }

    /// <summary>The present run, or the last.</summary>
    public PoolRun? Run => run;

    /// <summary>Begins a run.</summary>
    /// <returns>Null when the pool is at another one.</returns>
    public PoolRun? TryBegin(WorkDefinition definition)
    {
        PoolRun begun;
        lock (gate)
        {
            if (run is { IsOver: false })
            {
                return null;
            }

            begun = new PoolRun(this, definition with { Id = ++runCount }, slots.Length);
            sender.Run = run = begun;
            foreach (var slot in slots)
            {
                if (slot.Process is { IsUp: true } process)
                {
                    process.SentBefore = process.Sent;
                    begun.Scheduler.Up(slot.Index);
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
            return asked.IsOver || asked.Scheduler.HasRoom;
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

            if (worker < 0)
            {
                to.Scheduler.Add(item);
            }
            else
            {
                to.Scheduler.AddFor(worker, item);
            }
        }

        sender.SendToAll();
    }

    public void CompleteAdding(PoolRun to)
    {
        lock (gate)
        {
            to.Scheduler.CompleteAdding();
        }

        sender.SendToAll();
        CloseIfDone(to);
    }

    /// <summary>Ends a run before its time: who reads it comes to its end, and its workers give it up.</summary>
    public void Close(PoolRun closed, RunFailure? failure)
    {
        var held = new List<WorkerSlot>();
        lock (gate)
        {
            if (closed.IsOver)
            {
                return;
            }

            closed.IsOver = true;
            closed.Scheduler.Abandon();
            foreach (var slot in slots)
            {
                if (options.StaysWarm && closed.Scheduler.Current(slot.Index) is not null && slot.Process is { IsUp: true } process)
                {
                    process.IsUp = false;
                    process.IsCancelling = true;
                    process.MustCancel = true;
                    held.Add(slot);
                }
            }
        }

        foreach (var slot in held)
        {
            _ = WaitForCancellationAsync(slot.Process!);
            sender.SendTo(slot);
        }

        // At once: a reader of results that waits for room here would hold up the end of its worker.
        closed.Close(failure, wasStopped: failure is null);
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

    /// <summary>Gives a place a new process, not started yet.</summary>
    /// <returns>False when the work needs none there.</returns>
    public bool TryPlace(WorkerSlot slot, WorkerProcess worker)
    {
        lock (gate)
        {
            if (run is { IsOver: false } && !run.Scheduler.Needs(slot.Index))
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
            worker.WasReady |= run is not { IsOver: false } && options.Initialization is null;
            CountIn(slot, worker);
        }

        sender.SendTo(slot);
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
                worker.WasReady = true;
                slot.Failures = 0;
                return null;
            }

            // Runs are numbered from 1; 0 is what prepares the workers.
            return options.StaysWarm && id != 0 && id != run?.Id ? null : (new RunFailure(errorId, message), !options.StaysWarm || id == 0);
        }
    }

    /// <summary>Counts a worker in again that has given up a run.</summary>
    public void TakeCancelled(WorkerSlot slot, WorkerProcess worker)
    {
        lock (gate)
        {
            worker.IsCancelling = false;
            worker.SentBefore = worker.Sent;
            CountIn(slot, worker);
        }

        sender.SendTo(slot);
    }

    /// <summary>Takes a frame of results: first the worker gets its next items, then the frame goes to whoever reads the run.</summary>
    public async ValueTask TakeResultsAsync(WorkerSlot slot, WorkerProcess worker, Frame frame)
    {
        PoolRun? current;
        Queue<WorkItem>? items;
        lock (gate)
        {
            current = run;
            if (current is null || current.IsOver || worker.IsCancelling)
            {
                return;
            }

            items = current.TakeEnds(slot, frame.Payload.Span);
            current.Pending++;
        }

        sender.SendTo(slot);
        var buffer = ArrayPool<byte>.Shared.Rent(frame.Payload.Length);
        frame.Payload.Span.CopyTo(buffer);
        await PublishAsync(current, new WorkResults(slot.Name, buffer, frame.Payload.Length, items)).ConfigureAwait(false);
    }

    public async ValueTask TakeLineAsync(WorkerSlot slot, bool isError, string line)
    {
        if (TryHold() is { } current)
        {
            await PublishAsync(current, new WorkerLine(slot.Name, isError, line)).ConfigureAwait(false);
        }
    }

    /// <summary>Counts a process out: what it had not begun goes to others, what it was at is reported.</summary>
    /// <param name="slot">Its place.</param>
    /// <param name="worker">The process.</param>
    /// <param name="begun">How many items it had begun in its life.</param>
    /// <param name="death">How it ended.</param>
    /// <param name="isAsked">Whether it was asked to end: an item given up on request is no loss to report.</param>
    public async Task TakeLeaveAsync(WorkerSlot slot, WorkerProcess worker, long begun, WorkerDeath death, bool isAsked)
    {
        PoolRun? current;
        var lost = new List<WorkItem>();
        lock (gate)
        {
            worker.IsUp = false;
            slot.Failures += worker.WasReady ? 0 : 1;
            current = run;
            if (current is null || current.IsOver)
            {
                return;
            }

            current.Scheduler.Down(slot.Index, begun - worker.SentBefore, lost);
            current.Pending += 1 + lost.Count;
        }

        sender.SendToAll();
        foreach (var item in lost)
        {
            await PublishAsync(current, isAsked ? null : new ItemLost(slot.Name, item, death)).ConfigureAwait(false);
        }

        await PublishAsync(current, null).ConfigureAwait(false);
    }

    /// <summary>How the workers and the run stand.</summary>
    public PoolStatus GetStatus(DateTimeOffset started, bool isEnded)
    {
        lock (gate)
        {
            return PoolStatus.Of(options.Name, slots, run is { IsOver: false } ? run.Scheduler : null, started, isEnded);
        }
    }

    private void CountIn(WorkerSlot slot, WorkerProcess worker)
    {
        worker.IsUp = true;
        if (run is { IsOver: false })
        {
            run.Scheduler.Up(slot.Index);
        }
    }

    /// <summary>Keeps the present run from being over until what is held for it is published.</summary>
    private PoolRun? TryHold()
    {
        lock (gate)
        {
            if (run is not { IsOver: false } current)
            {
                return null;
            }

            current.Pending++;
            return current;
        }
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
        lock (gate)
        {
            if (current.IsOver || current.Pending > 0 || !current.Scheduler.IsDone)
            {
                return;
            }

            // A pool that ends with its run closes it when the last process is gone: it may still have lines to write.
            current.IsOver = options.StaysWarm;
        }

        if (options.StaysWarm)
        {
            current.Close(null, wasStopped: false);
        }

        onDone();
    }

    /// <summary>Gives a worker time to give up a run; code that does not stop is ended with its process, and another takes its place.</summary>
    private async Task WaitForCancellationAsync(WorkerProcess process)
    {
        await Task.Delay(options.StopTimeout).ConfigureAwait(false);
        if (process.IsCancelling)
        {
            process.Kill();
        }
    }
}
