namespace QueueLog.Pool.State;

/// <summary>A pool's workers. Grown under the pool's lock, by a copy, so that it can be read without it.</summary>
internal sealed class WorkerList
{
    private volatile Worker[] all = [];

    public Worker[] All => all;

    public int Count => all.Length;

    /// <summary>Makes it at least so many workers.</summary>
    public void Grow(int count)
    {
        var grown = all.ToList();
        while (grown.Count < count)
        {
            grown.Add(new Worker(grown.Count));
        }

        all = grown.ToArray();
    }
}
