using QueueLog.Queue.History;

namespace QueueLog.Tests.Queue.History;

/// <summary>A life of the submitter.</summary>
/// <param name="name">What it is called.</param>
/// <param name="items">How many items the input has.</param>
/// <param name="done">The items that the job log has.</param>
internal sealed class ModelSubmitter(string name, int items, HashSet<long> done)
{
    public string Name { get; } = name;

    public ChunkLedger Ledger { get; } = new();

    public HashSet<long> Done { get; } = done;

    public Queue<OfferedItem> Waiting { get; private set; } = new(Enumerable.Range(0, items).Where(item => !done.Contains(item)).Select(static item => new OfferedItem(item, 1, 0, item)));

    /// <summary>Up to where it has read the histories.</summary>
    public long Position { get; set; }

    public int Count { get; set; }

    public OfferedItem[] Dequeue(int most) => [.. Enumerable.Range(0, Math.Min(most, Waiting.Count)).Select(_ => Waiting.Dequeue())];

    /// <summary>Leaves items out that were offered already.</summary>
    public void Forget(OfferedItem[] offered) => Waiting = new Queue<OfferedItem>(Waiting.Where(item => !Array.Exists(offered, other => other.Index == item.Index)));
}
