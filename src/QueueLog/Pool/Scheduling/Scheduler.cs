using QueueLog.Records;

namespace QueueLog.Pool.Scheduling;

/// <summary>Who runs what: hands out items in batches and knows at every moment which worker holds which. Not thread-safe.</summary>
internal sealed class Scheduler
{
    // One frame carries no more than this, unless a single item is larger.
    private const long LargestBatchBytes = 256 * 1024;

    // The queue counts as full beyond this, however few the items are.
    private const long LargestQueueBytes = 16 * 1024 * 1024;

    private readonly List<WorkerLoad> workers = [];
    private readonly ItemQueue queue;
    private readonly Gathering gathering;
    private long added;
    private int ownCount;
    private int heldCount;

    /// <param name="workerCount">Number of workers, none of them up.</param>
    /// <param name="time">The clock of delays; null for the system's.</param>
    /// <param name="window">How far behind the first item that has not ended others are begun, where results are to come in order.</param>
    public Scheduler(int workerCount, TimeProvider? time = null, long window = long.MaxValue)
    {
        gathering = new Gathering(time ?? TimeProvider.System);
        queue = new ItemQueue(time ?? TimeProvider.System, window);
        Grow(workerCount);
    }

    /// <summary>Items read from the input.</summary>
    public long Added => added;

    /// <summary>Items not yet sent to any worker.</summary>
    public int Queued => Shared + ownCount;

    /// <summary>Those of them that any worker may run.</summary>
    public int Shared => queue.Count;

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

            return queue.Waiting < room && queue.Bytes < LargestQueueBytes;
        }
    }

    /// <summary>Items that are not sent only because they wait for their next attempt.</summary>
    public int Delayed => queue.Delayed;

    /// <summary>Whether items wait only for more of them to come, which they do not for long.</summary>
    public bool IsGathering => gathering.IsUnderWay && queue.Waiting > 0;

    /// <summary>Makes it at least so many workers.</summary>
    public void Grow(int workerCount)
    {
        while (workers.Count < workerCount)
        {
            workers.Add(new WorkerLoad());
        }
    }

    /// <summary>Adds an item for whichever worker is free.</summary>
    public void Add(WorkItem item)
    {
        item.Position = added++;
        queue.Add(item);
    }

    /// <summary>Adds an item that only one worker may run.</summary>
    public void AddFor(int worker, WorkItem item)
    {
        item.Position = added++;
        item.Owner = worker;
        Return(item);
    }

    /// <summary>Adds an item that no worker will get.</summary>
    public void AddFinished(WorkItem item)
    {
        item.Position = added++;
        Finish(item);
    }

    public void CompleteAdding() => IsComplete = true;

    /// <summary>Counts a worker in.</summary>
    public void Up(int worker) => workers[worker].IsUp = true;

    /// <summary>Whether a worker that is gone, or not there yet, would still find something to do.</summary>
    public bool Needs(int worker) => !IsComplete || workers[worker].Own.Count > 0 || Shared > 0;

    /// <summary>Whether items wait that only this worker may run, be it for their next attempt.</summary>
    public bool HasOwn(int worker) => workers[worker].Own.Count > 0 || queue.HasDelayed(worker);

    /// <summary>The item a worker is at, or would be at next.</summary>
    public WorkItem? Current(int worker) => workers[worker].Held.TryPeek(out var item) ? item : null;

    /// <summary>How many items a worker holds.</summary>
    public int HeldBy(int worker) => workers[worker].Held.Count;

    /// <summary>The item a worker is at that has begun so many in this run; null when its end has arrived by now.</summary>
    public WorkItem? Running(int worker, long begun)
    {
        var load = workers[worker];
        var place = begun - load.Ended - 1;
        return place >= 0 && place < load.Held.Count ? load.Held.ElementAt((int)place) : null;
    }

    /// <summary>Moves the next items of a worker into <paramref name="batch"/>, which must be empty.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="batch">Takes them.</param>
    /// <param name="most">No more than this.</param>
    /// <returns>False when it should get none now.</returns>
    public bool TryDequeue(int worker, List<WorkItem> batch, long most = long.MaxValue)
    {
        var load = workers[worker];
        if (!load.IsUp)
        {
            return false;
        }

        while (queue.DequeueDue() is { } due)
        {
            Return(due);
        }

        if (load.Own.Count > 0)
        {
            if (load.Held.Count == 0 && most > 0)
            {
                ownCount--;
                Hand(load, load.Own.Dequeue(), batch);
            }
        }
        else
        {
            var bytes = 0L;
            for (var n = Math.Min(HowMany(load), most); n > 0 && bytes < LargestBatchBytes && queue.HasNext; n--)
            {
                var item = queue.Dequeue();
                bytes += item.Payload.Length;
                Hand(load, item, batch);
            }

            if (queue.Waiting == 0)
            {
                gathering.End();
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
    /// <param name="worker">The worker.</param>
    /// <param name="index">The item's index.</param>
    /// <param name="microseconds">How long it took; negative for one that was not begun.</param>
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
        if (microseconds >= 0)
        {
            load.Took(microseconds);
        }

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
                Return(item);
            }
        }

        load.Reset();
    }

    /// <summary>Takes an item back that was sent and not begun.</summary>
    public void Return(WorkItem item)
    {
        if (item.Owner >= 0)
        {
            workers[item.Owner].Own.Enqueue(item);
            ownCount++;
            return;
        }

        queue.Return(item);
    }

    /// <summary>Takes an item back whose attempt has failed, to be tried again.</summary>
    public void Retry(WorkItem item, TimeSpan delay)
    {
        item.Attempt++;
        if (delay <= TimeSpan.Zero)
        {
            Return(item);
        }
        else
        {
            queue.Delay(item, delay);
        }
    }

    /// <summary>Takes note that nothing more will come of an item.</summary>
    public void Finish(WorkItem item) => queue.Finish(item);

    /// <summary>Whether it has begun to gather since this was asked last: then <see cref="UntilDue"/> is to be looked at.</summary>
    public bool HasBegunGathering() => IsGathering && gathering.TryTell();

    /// <summary>How long until the next delayed item is due, or enough have gathered; null when there is none.</summary>
    public TimeSpan? UntilDue()
    {
        var due = queue.UntilDue();
        return IsGathering && !(due < gathering.Left) ? gathering.Left : due;
    }

    /// <inheritdoc cref="ItemQueue.Remove"/>
    public List<WorkItem> Remove(Predicate<WorkItem> which) => queue.Remove(which);

    /// <summary>The items that workers hold.</summary>
    public IEnumerable<WorkItem> HeldItems => workers.SelectMany(static worker => worker.Held);

    /// <summary>Gives up everything that has not been sent; what would follow is not taken any more.</summary>
    /// <returns>The items given up, in no order.</returns>
    public List<WorkItem> Abandon()
    {
        IsComplete = true;
        var given = queue.DequeueAll();
        ownCount = 0;
        foreach (var worker in workers)
        {
            given.AddRange(worker.Own);
            worker.Own.Clear();
        }

        return given;
    }

    private int HowMany(WorkerLoad load)
    {
        var waiting = queue.Waiting;
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
            var share = Math.Min(load.Batch, waiting / (2 * workers.Count));
            return isIdle ? Math.Max(share, 1) : share;
        }

        // A full batch is taken at once; what is less by an idle worker alone, and when nobody else is at work who would soon have it.
        return waiting >= load.Batch || (isIdle && (heldCount == 0 || queue.Bytes >= LargestBatchBytes || gathering.IsOver())) ? Math.Min(load.Batch, waiting) : 0;
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

    private void Hand(WorkerLoad load, WorkItem item, List<WorkItem> batch)
    {
        batch.Add(item);
        load.Held.Enqueue(item);
        heldCount++;
    }
}
