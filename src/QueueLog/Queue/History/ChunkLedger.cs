using QueueLog.Pool.Scheduling;
using QueueLog.Records;

namespace QueueLog.Queue.History;

/// <summary>What a submitter knows of its chunks: whose each is, and which items' ends count.</summary>
internal sealed class ChunkLedger
{
    private readonly Dictionary<string, ChunkHistory> chunks = new(StringComparer.Ordinal);

    // The last chunk that each item was offered in: what comes of another is of an attempt that is over.
    private readonly Dictionary<long, string> owners = [];

    /// <summary>The chunks that may still bring something.</summary>
    public IReadOnlyDictionary<string, ChunkHistory> Chunks => chunks;

    /// <summary>A chunk is offered, or was by an earlier life of the submitter. In the order of the offers.</summary>
    public void Own(string chunk, long sequence, ChunkOffer offer)
    {
        var history = chunks[chunk] = new ChunkHistory();
        history.Apply(sequence, offer);
        foreach (var item in offer.Items)
        {
            owners[item.Index] = chunk;
        }
    }

    /// <summary>Applies the next message of the histories.</summary>
    /// <returns>The history of its chunk; null where the message does not count.</returns>
    public ChunkHistory? Apply(string chunk, long sequence, HistoryEvent message) =>
        chunks.TryGetValue(chunk, out var history) && history.Apply(sequence, message) ? history : null;

    /// <summary>Whether an item is in this chunk, and not in a later one.</summary>
    public bool Owns(string chunk, long index) => owners.GetValueOrDefault(index) == chunk;

    /// <summary>The end of an item's attempt has come.</summary>
    /// <param name="chunk">In this chunk.</param>
    /// <param name="index">The item.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="rule">Which items are tried again; null where the run is halted.</param>
    /// <returns>Null where it does not count: it had come before, or the item is in another chunk now.</returns>
    public (OfferedItem Item, ItemFate Fate)? EndItem(string chunk, long index, ItemStatus status, RetryRule? rule) =>
        chunks[chunk].EndItem(index) is { } item && Owns(chunk, index) ? (item, Note(item, ItemRule.AfterEnd(item, status, rule))) : null;

    /// <summary>What a submitter appends that ends a chunk.</summary>
    public static ChunkEnd GivenUp(ChunkClaim? claim) => new(0, claim is null ? EndReason.TakenBack : EndReason.Lost, Report.Empty);

    /// <summary>Forgets a chunk of whose end the histories will not tell: the server has forgotten some of it.</summary>
    /// <inheritdoc cref="Close"/>
    public List<(OfferedItem Item, ItemFate Fate)> GiveUp(string chunk, RetryRule? rule)
    {
        chunks[chunk].Apply(chunks[chunk].LastSequence, GivenUp(chunks[chunk].Claim));
        return Close(chunk, rule);
    }

    /// <summary>Forgets a chunk that has ended.</summary>
    /// <returns>Its items whose ends have not come, and what becomes of them.</returns>
    public List<(OfferedItem Item, ItemFate Fate)> Close(string chunk, RetryRule? rule)
    {
        var history = chunks[chunk];
        var open = history.OpenItems.Where(item => Owns(chunk, item.Index))
            .Select(item => (item, Note(item, ItemRule.WithoutEnd(item, history.End!.Value, history.Offer!.Items.Length == 1, rule)))).ToList();
        chunks.Remove(chunk);
        return open;
    }

    private ItemFate Note(OfferedItem item, ItemFate fate)
    {
        owners.Remove(item.Index);
        return fate;
    }
}
