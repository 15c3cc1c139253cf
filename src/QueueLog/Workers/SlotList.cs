namespace QueueLog.Workers;

/// <summary>A pool's workers. Grown under the pool's lock, by a copy, so that it can be read without it.</summary>
internal sealed class SlotList
{
    private volatile WorkerSlot[] all = [];

    public WorkerSlot[] All => all;

    public int Count => all.Length;

    /// <summary>Makes it at least so many places.</summary>
    public void Grow(int count)
    {
        var grown = all.ToList();
        while (grown.Count < count)
        {
            grown.Add(new WorkerSlot(grown.Count));
        }

        all = grown.ToArray();
    }
}
