using QueueLog.Queue.History;
using QueueLog.Records;

namespace QueueLog.Queue.Hosts;

/// <summary>A chunk that a host has claimed.</summary>
/// <param name="report">What comes of it.</param>
/// <param name="items">Its items.</param>
/// <param name="slot">Its slot.</param>
internal sealed class HeldChunk(ChunkReport report, IReadOnlyList<WorkItem> items, TakenSlot slot)
{
    private readonly HashSet<long> open = [.. items.Select(static item => item.Index)];

    public ChunkReport Report { get; } = report;

    public IReadOnlyList<WorkItem> Items { get; } = items;

    public TakenSlot Slot { get; } = slot;

    /// <summary>Items of it that have neither ended nor been skipped, as of now: whoever gives it up asks on another thread.</summary>
    public long[] Open
    {
        get
        {
            lock (open)
            {
                return [.. open];
            }
        }
    }

    /// <summary>An item has ended, or will not be begun.</summary>
    public void EndItem(long index)
    {
        lock (open)
        {
            open.Remove(index);
        }
    }
}
