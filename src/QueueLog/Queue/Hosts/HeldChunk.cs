using QueueLog.Queue.History;
using QueueLog.Records;

namespace QueueLog.Queue.Hosts;

/// <summary>A chunk that a host has claimed.</summary>
/// <param name="report">What comes of it.</param>
/// <param name="items">Its items.</param>
/// <param name="since">When its slot was taken.</param>
internal sealed class HeldChunk(ChunkReport report, IReadOnlyList<WorkItem> items, long since)
{
    private readonly HashSet<long> open = [.. items.Select(static item => item.Index)];

    public ChunkReport Report { get; } = report;

    public IReadOnlyList<WorkItem> Items { get; } = items;

    public long Since { get; } = since;

    /// <summary>Items of it that have neither ended nor been skipped.</summary>
    public IReadOnlyCollection<long> Open => open;

    /// <summary>Whether some of its items were not begun.</summary>
    public bool HasSkipped { get; private set; }

    /// <summary>An item has ended.</summary>
    public void EndItem(long index) => open.Remove(index);

    /// <summary>An item will not be begun.</summary>
    public void SkipItem(long index) => HasSkipped |= open.Remove(index);
}
