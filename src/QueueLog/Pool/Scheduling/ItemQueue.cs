using QueueLog.Records;

namespace QueueLog.Pool.Scheduling;

/// <summary>The items that any worker may run, in their order. Where results are to come in order, no item is next that is too far ahead of the first that has not ended.</summary>
/// <param name="time">The clock of delays.</param>
/// <param name="window">How far ahead an item may be.</param>
internal sealed class ItemQueue(TimeProvider time, long window)
{
    // Handed back by workers that died before they began them, or due to be tried again; they go first, as they were first.
    private readonly Queue<WorkItem> returned = new();
    private readonly Queue<WorkItem> added = new();
    private readonly DelayedItems delayed = new(time);

    // Places of finished items behind the first that is not; kept only where there is a window.
    private readonly HashSet<long> finished = [];
    private long firstOpen;

    /// <summary>All of them.</summary>
    public int Count => Waiting + delayed.Count;

    /// <summary>Those that wait for a worker only.</summary>
    public int Waiting => added.Count + returned.Count;

    /// <summary>Those that wait for their next attempt, whoever may run them then.</summary>
    public int Delayed => delayed.Count;

    /// <summary>Bytes of those that wait for a worker.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether there is a next one, which may be begun.</summary>
    public bool HasNext => returned.Count > 0 || (added.TryPeek(out var next) && (window == long.MaxValue || next.Position < firstOpen + window));

    public void Add(WorkItem item)
    {
        added.Enqueue(item);
        Bytes += item.Payload.Length;
    }

    /// <summary>Takes an item back that was sent and not begun.</summary>
    public void Return(WorkItem item)
    {
        returned.Enqueue(item);
        Bytes += item.Payload.Length;
    }

    public void Delay(WorkItem item, TimeSpan delay) => delayed.Add(item, delay);

    public WorkItem Dequeue()
    {
        var item = returned.Count > 0 ? returned.Dequeue() : added.Dequeue();
        Bytes -= item.Payload.Length;
        return item;
    }

    /// <inheritdoc cref="DelayedItems.DequeueDue"/>
    public WorkItem? DequeueDue() => delayed.DequeueDue();

    /// <inheritdoc cref="DelayedItems.UntilDue"/>
    public TimeSpan? UntilDue() => delayed.UntilDue();

    /// <inheritdoc cref="DelayedItems.HasOwn"/>
    public bool HasDelayed(int worker) => delayed.HasOwn(worker);

    /// <summary>Takes note that nothing more will come of an item.</summary>
    public void Finish(WorkItem item)
    {
        if (window == long.MaxValue)
        {
            return;
        }

        finished.Add(item.Position);
        while (finished.Remove(firstOpen))
        {
            firstOpen++;
        }
    }

    /// <summary>Takes some out of those that wait for a worker.</summary>
    public List<WorkItem> Remove(Predicate<WorkItem> which)
    {
        var removed = new List<WorkItem>();
        foreach (var items in new[] { returned, added })
        {
            for (var left = items.Count; left > 0; left--)
            {
                var item = items.Dequeue();
                if (which(item))
                {
                    Bytes -= item.Payload.Length;
                    removed.Add(item);
                }
                else
                {
                    items.Enqueue(item);
                }
            }
        }

        return removed;
    }

    /// <summary>Gives up all of them, those with a delay included.</summary>
    public List<WorkItem> DequeueAll()
    {
        var all = new List<WorkItem>(Count);
        all.AddRange(returned);
        all.AddRange(added);
        all.AddRange(delayed.DequeueAll());
        added.Clear();
        returned.Clear();
        Bytes = 0;
        return all;
    }
}
