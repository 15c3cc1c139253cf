using QueueLog.Pool;
using QueueLog.Pool.Scheduling;
using QueueLog.Pool.State;
using QueueLog.Queue.History;
using QueueLog.Records;

namespace QueueLog.Queue.Submission;

/// <summary>The items of a run and what has become of each. Guarded by the run's lock.</summary>
internal sealed class RunItems(RunOptions options, TimeProvider time)
{
    private readonly Queue<QueueItem> returned = new();
    private readonly Queue<QueueItem> waiting = new();
    private readonly PriorityQueue<QueueItem, long> delayed = new();
    private readonly Dictionary<long, QueueItem> open = [];
    private readonly HashSet<long> endedPositions = [];
    private readonly LastFailures failures = new(time);
    private readonly List<WorkItem> skipped = [];
    private readonly ChunkSizer sizer = new();
    private readonly long begun = time.GetTimestamp();
    private long firstOpen;

    /// <summary>What the queue knows of them.</summary>
    public ChunkLedger Ledger { get; } = new();

    public long Added { get; private set; }

    /// <summary>Whether these are all.</summary>
    public bool IsComplete { get; set; }

    public long Ended { get; private set; }

    public long Failed { get; private set; }

    public long Retried { get; private set; }

    public long Stopped { get; private set; }

    public long Skipped { get; private set; }

    public bool IsHalted { get; private set; }

    public bool IsTimedOut { get; private set; }

    public SlowItem? Slowest { get; private set; }

    public FailedItem[] LastFailures => failures.All;

    /// <summary>Whether nothing more will come of any item.</summary>
    public bool IsDone => IsComplete && open.Count == 0;

    /// <summary>How many items a chunk has where there are enough.</summary>
    public int ChunkTarget => sizer.Target;

    /// <summary>Items that are to be offered.</summary>
    public int Waiting => waiting.Count + returned.Count;

    /// <summary>Which items are tried again; null where none is.</summary>
    public RetryRule? Rule => IsHalted ? null : options.Retry;

    public RunFailure? HaltedBy =>
        IsTimedOut ? new RunTimedOut(options.RunTimeout!.Value, Ended - Stopped, Stopped, Skipped) { Unknown = open.Count }
        : IsHalted ? new RunHalted(Failed, Ended, Skipped)
        : null;

    /// <summary>Whether the run has taken longer than it may.</summary>
    public bool IsOverdue => !IsHalted && options.RunTimeout is { } limit && time.GetElapsedTime(begun) > limit;

    /// <summary>Adds an item that is to be offered.</summary>
    public void Add(QueueItem item)
    {
        Expect(item);
        if (IsHalted)
        {
            Skip(item);
        }
        else
        {
            waiting.Enqueue(item);
        }
    }

    /// <summary>Adds an item that an earlier submitter has offered.</summary>
    public void AddOffered(QueueItem item) => Expect(item);

    /// <summary>Adds an item that cannot be sent.</summary>
    public ItemEnd AddUnsendable(WorkItem item, Exception reason)
    {
        var added = new QueueItem(item);
        Expect(added);
        Finish(added, ItemStatus.Failed, null);
        return new ItemEnd(item, ItemStatus.Failed, Attempt: 0, IsFinal: true) { NotSent = reason };
    }

    /// <summary>The item that hosts and histories call so; null when nothing more is to come of it.</summary>
    public QueueItem? Find(long id) => open.GetValueOrDefault(id);

    /// <summary>What hosts call the item of an index; null when nothing more is to come of it.</summary>
    public long? IdOf(long index) => open.Values.FirstOrDefault(item => item.Item.Index == index)?.Id;

    /// <summary>Takes the items of the next chunk.</summary>
    /// <returns>None where nothing may be offered now.</returns>
    public List<QueueItem> DequeueChunk(int slots)
    {
        var chunk = new List<QueueItem>();
        var most = sizer.Next(Waiting, slots);
        for (long bytes = 0; chunk.Count < most && Peek() is { } next; bytes += next.Item.Payload.Length)
        {
            // What a process or a host has died with is alone: it would cost others their next attempt, and is blamed only then.
            if ((chunk.Count > 0 && (bytes + next.Item.Payload.Length > ChunkSizer.MaxBytes || next.IsSuspect || chunk[0].IsSuspect)) || next.Item.Position - firstOpen >= options.Window)
            {
                break;
            }

            chunk.Add((returned.Count > 0 ? returned : waiting).Dequeue());
        }

        return chunk;
    }

    /// <summary>Moves what is due to what is to be offered.</summary>
    public void MoveDue()
    {
        while (delayed.TryPeek(out var item, out var due) && due <= time.GetTimestamp())
        {
            returned.Enqueue(delayed.Dequeue());
        }
    }

    /// <summary>The end of an attempt has come, by the history of its chunk or because that has ended.</summary>
    /// <param name="item">The item.</param>
    /// <param name="offered">The attempt.</param>
    /// <param name="fate">What becomes of the item.</param>
    /// <param name="worker">Who had it.</param>
    /// <param name="reported">What is known of the end; null where none has come.</param>
    /// <returns>What is to be told of it; null for nothing.</returns>
    public ItemEnd? Follow(QueueItem item, OfferedItem offered, ItemFate fate, string worker, ReportedEnd? reported)
    {
        item.Item.Deaths = fate.Deaths;
        item.IsSuspect |= fate.Deaths > 0 || fate.Status == ItemStatus.Crashed;
        item.Item.Attempt = offered.Attempt;
        if (reported?.Duration is { } duration)
        {
            sizer.Note(duration);
            Slowest = Slowest is null || duration > Slowest.Duration ? new SlowItem(item.Item.Index, item.Item.Input, duration) : Slowest;
        }

        switch (fate.Next)
        {
            case ItemNext.Offer:
                returned.Enqueue(item);
                return null;
            case ItemNext.TryAgain:
                Retried++;
                item.Item.Attempt++;
                delayed.Enqueue(item, time.GetTimestamp() + (long)(fate.Delay.TotalSeconds * time.TimestampFrequency));
                break;
            case ItemNext.End when fate.Status == ItemStatus.Skipped:
                Skip(item);
                return null;
            default:
                Finish(item, fate.Status, worker);
                break;
        }

        return new ItemEnd(item.Item, fate.Status, offered.Attempt, fate.Next == ItemNext.End)
        {
            Worker = worker,
            Pid = reported?.Pid ?? 0,
            Started = reported?.Started?.ToLocalTime(),
            Duration = reported?.Duration,
            ExitCode = reported?.ExitCode,
            Death = reported?.Death,
            Delay = fate.Delay,
        };
    }

    /// <summary>Whether failures have just become so many.</summary>
    public bool TryHalt()
    {
        if (IsHalted || !options.Halt.IsReached(Ended, Failed))
        {
            return false;
        }

        Halt(isTimedOut: false);
        return true;
    }

    /// <summary>Offers no other items.</summary>
    public void Halt(bool isTimedOut)
    {
        IsTimedOut |= isTimedOut;
        IsHalted = true;

        // Whoever adds may wait for the end of the run now.
        IsComplete = true;
        while (Peek() is not null)
        {
            Skip((returned.Count > 0 ? returned : waiting).Dequeue());
        }

        while (delayed.TryDequeue(out var item, out _))
        {
            Skip(item);
        }
    }

    /// <summary>Items that will not be run and were not told; null for none.</summary>
    public ItemsSkipped? DequeueSkipped()
    {
        if (skipped.Count == 0)
        {
            return null;
        }

        WorkItem[] told = [.. skipped.OrderBy(static item => item.Index)];
        skipped.Clear();
        return new ItemsSkipped(told);
    }

    private QueueItem? Peek() => returned.TryPeek(out var item) || waiting.TryPeek(out item) ? item : null;

    private void Expect(QueueItem item)
    {
        item.Item.Position = Added++;
        open.Add(item.Id, item);
    }

    private void Skip(QueueItem item)
    {
        Skipped++;
        skipped.Add(item.Item);
        Close(item);
    }

    private void Finish(QueueItem item, ItemStatus status, string? worker)
    {
        Ended++;
        Stopped += status == ItemStatus.Stopped ? 1 : 0;
        if (status is not (ItemStatus.Completed or ItemStatus.Stopped))
        {
            Failed++;
            failures.Add(item.Item, status, worker);
        }

        Close(item);
    }

    private void Close(QueueItem item)
    {
        open.Remove(item.Id);
        endedPositions.Add(item.Item.Position);
        while (endedPositions.Remove(firstOpen))
        {
            firstOpen++;
        }
    }
}
