using QueueLog.Records;

namespace QueueLog.Pool.Scheduling;

/// <summary>Items to be tried again, by the time they are due. Not thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class DelayedItems(TimeProvider time)
{
    private readonly PriorityQueue<WorkItem, long> items = new();

    // How many of them only one worker may run, by its number.
    private readonly Dictionary<int, int> owned = [];

    public int Count => items.Count;

    public bool HasOwn(int worker) => owned.GetValueOrDefault(worker) > 0;

    public void Add(WorkItem item, TimeSpan delay)
    {
        CountOwn(item, 1);
        items.Enqueue(item, time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency));
    }

    /// <summary>Takes an item that is due by now; null when there is none.</summary>
    public WorkItem? DequeueDue()
    {
        if (!items.TryPeek(out var item, out var due) || due > time.GetTimestamp())
        {
            return null;
        }

        items.Dequeue();
        CountOwn(item, -1);
        return item;
    }

    /// <summary>How long until the next one is due; null when there is none.</summary>
    public TimeSpan? UntilDue() => items.TryPeek(out _, out var due)
        ? TimeSpan.FromSeconds(Math.Max(0, (double)(due - time.GetTimestamp()) / time.TimestampFrequency))
        : null;

    /// <summary>Takes all of them, in no order.</summary>
    public List<WorkItem> DequeueAll()
    {
        var all = items.UnorderedItems.Select(static entry => entry.Element).ToList();
        items.Clear();
        owned.Clear();
        return all;
    }

    private void CountOwn(WorkItem item, int change)
    {
        if (item.Owner >= 0)
        {
            owned[item.Owner] = owned.GetValueOrDefault(item.Owner) + change;
        }
    }
}
