using QueueLog.Records;

namespace QueueLog.Scheduling;

/// <summary>Who runs what: hands out items in batches and knows at every moment which worker holds which. Not thread-safe.</summary>
internal sealed class Scheduler
{
    // One frame carries no more than this, unless a single item is larger.
    private const long LargestBatchBytes = 256 * 1024;

    // The queue counts as full beyond this, however few the items are.
    private const long LargestQueueBytes = 16 * 1024 * 1024;

    private readonly WorkerLoad[] workers;

    // Items handed back by workers that died before they began them; they go first, as they were first.
    private readonly Queue<WorkItem> returned = new();
    private readonly Queue<WorkItem> queue = new();

    private long queuedBytes;
    private int ownCount;
    private int heldCount;

    public Scheduler(int workerCount)
    {
        workers = new WorkerLoad[workerCount];
        for (var i = 0; i < workerCount; i++)
        {
            workers[i] = new WorkerLoad();
        }
    }

    /// <summary>Items not yet sent to any worker.</summary>
    public int Queued => queue.Count + returned.Count + ownCount;

    /// <summary>Items sent and not ended.</summary>
    public int Held => heldCount;

    /// <summary>Whether the last item has been added.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether every item has ended and none will follow.</summary>
    public bool IsDone => IsComplete && Queued == 0 && heldCount == 0;

    /// <summary>Whether another item would soon be sent; a reader of an endless input stops when there is no room.</summary>
    public bool HasRoom
    {
        get
        {
            var room = 0;
            foreach (var worker in workers)
            {
                room += worker.Batch;
            }

            return queue.Count + returned.Count < room && queuedBytes < LargestQueueBytes;
        }
    }

    /// <summary>Adds an item for whichever worker is free.</summary>
    public void Add(WorkItem item)
    {
        queue.Enqueue(item);
        queuedBytes += item.Payload.Length;
    }

    /// <summary>Adds an item that only one worker may run.</summary>
    public void AddFor(int worker, WorkItem item)
    {
        workers[worker].Own.Enqueue(item);
        ownCount++;
    }

    public void CompleteAdding() => IsComplete = true;

    /// <summary>Counts a worker in.</summary>
    public void Up(int worker) => workers[worker].IsUp = true;

    /// <summary>Whether a worker that is gone, or not there yet, would still find something to do.</summary>
    public bool Needs(int worker) => !IsComplete || workers[worker].Own.Count > 0 || queue.Count + returned.Count > 0;

    /// <summary>The item a worker is at, or would be at next.</summary>
    public WorkItem? Current(int worker) => workers[worker].Held.TryPeek(out var item) ? item : null;

    /// <summary>Moves the next items of a worker into <paramref name="batch"/>, which must be empty.</summary>
    /// <returns>False when it should get none now.</returns>
    public bool TryTake(int worker, List<WorkItem> batch)
    {
        var load = workers[worker];
        if (!load.IsUp)
        {
            return false;
        }

        if (load.Own.Count > 0)
        {
            if (load.Held.Count == 0)
            {
                ownCount--;
                Hand(load, load.Own.Dequeue(), batch);
            }
        }
        else
        {
            var bytes = 0L;
            for (var n = HowMany(load); n > 0 && (bytes < LargestBatchBytes); n--)
            {
                var item = Next();
                bytes += item.Payload.Length;
                Hand(load, item, batch);
            }
        }

        if (batch.Count == 0)
        {
            return false;
        }

        load.Sent(batch.Count);
        return true;
    }

    /// <summary>Takes note that a worker has ended the item it was at.</summary>
    /// <returns>The item, or null when the worker does not hold it: then it does not speak the truth.</returns>
    public WorkItem? End(int worker, long index, long microseconds)
    {
        var load = workers[worker];
        if (!load.Held.TryPeek(out var item) || item.Index != index)
        {
            return null;
        }

        load.Held.Dequeue();
        load.Ended++;
        load.Took(microseconds);
        heldCount--;
        return item;
    }

    /// <summary>Counts a worker out: what it had not begun goes back to the front of the queue.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="begun">How many items its process had begun in this run.</param>
    /// <param name="lost">The items it had begun, and perhaps finished, whose end never arrived; never run again by themselves.</param>
    public void Down(int worker, long begun, List<WorkItem> lost)
    {
        var load = workers[worker];
        var position = load.Ended;
        heldCount -= load.Held.Count;
        foreach (var item in load.Held)
        {
            if (position++ < begun)
            {
                lost.Add(item);
            }
            else
            {
                returned.Enqueue(item);
                queuedBytes += item.Payload.Length;
            }
        }

        load.Reset();
    }

    /// <summary>Gives up everything that has not been sent.</summary>
    public void Abandon()
    {
        IsComplete = true;
        queue.Clear();
        returned.Clear();
        queuedBytes = 0;
        ownCount = 0;
        foreach (var worker in workers)
        {
            worker.Own.Clear();
        }
    }

    private int HowMany(WorkerLoad load)
    {
        var waiting = queue.Count + returned.Count;
        if (waiting == 0)
        {
            return 0;
        }

        var isIdle = load.Held.Count == 0;
        if (!isIdle && (!load.MayHoldMore || waiting <= CountIdle()))
        {
            return 0;
        }

        if (IsComplete)
        {
            // Towards the end ever smaller batches, so that all workers finish at about the same time.
            var share = Math.Min(load.Batch, waiting / (2 * workers.Length));
            return isIdle ? Math.Max(share, 1) : share;
        }

        // A busy worker waits for a full batch to gather; an idle one takes what there is.
        return isIdle || waiting >= load.Batch ? Math.Min(load.Batch, waiting) : 0;
    }

    // Workers that are still starting count: an item kept for them starts sooner than one behind another.
    private int CountIdle()
    {
        var idle = 0;
        foreach (var worker in workers)
        {
            if (worker.Held.Count == 0)
            {
                idle++;
            }
        }

        return idle;
    }

    private WorkItem Next()
    {
        var item = returned.Count > 0 ? returned.Dequeue() : queue.Dequeue();
        queuedBytes -= item.Payload.Length;
        return item;
    }

    private void Hand(WorkerLoad load, WorkItem item, List<WorkItem> batch)
    {
        batch.Add(item);
        load.Held.Enqueue(item);
        heldCount++;
    }
}
