using QueueLog.Queue.History;
using QueueLog.Queue.Hosts;
using QueueLog.Records;

namespace QueueLog.Queue.Submission;

/// <summary>What an earlier submitter of the run has left: its chunks, and the items in them.</summary>
internal sealed class FormerRun
{
    // Beyond the indices of any input.
    private const long FirstOwnId = 1L << 40;

    private readonly List<(string Chunk, long Sequence, ChunkOffer Offer)> offers = [];
    private readonly Dictionary<string, ChunkHistory> histories = new(StringComparer.Ordinal);
    private readonly Dictionary<long, LinkedList<long>> unmatched = [];
    private readonly HashSet<long> ids = [];

    // How the last attempts of items ended, as far as that came.
    private readonly Dictionary<long, ItemStatus> ends = [];
    private long nextId = FirstOwnId;

    // So many of its first chunks have ended.
    private int ended;

    /// <summary>Its chunks in the order of their offers.</summary>
    public IReadOnlyList<(string Chunk, long Sequence, ChunkOffer Offer)> Offers => offers;

    /// <summary>The chunks that no host has claimed, and the sequences of their offers.</summary>
    public IEnumerable<OpenChunk> Unclaimed =>
        histories.Where(static pair => pair.Value is { Claim: null, End: null }).Select(static pair => new OpenChunk(pair.Key, null, pair.Value.LastSequence, null));

    /// <summary>Whether a chunk is one of its.</summary>
    public bool Has(string chunk) => histories.ContainsKey(chunk);

    /// <summary>Reads the histories up to a mark that the new submitter sets. What follows it is read later, like all the rest.</summary>
    /// <param name="run">The run.</param>
    /// <param name="submitter">The new submitter.</param>
    /// <param name="retriesFailed">Whether an item that failed is asked for to be run again, and not for its failure.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="QueueException">The run is gone.</exception>
    public static async Task<FormerRun> ReadAsync(IQueueRun run, string submitter, bool retriesFailed, CancellationToken cancellation)
    {
        var former = new FormerRun();
        var mark = $"mark-{submitter}";
        await QueueCall.OfferAsync(run, mark, new ChunkOffer(submitter, []), cancellation).ConfigureAwait(false);
        await foreach (var message in run.FollowHistoriesAsync(0, cancellation).ConfigureAwait(false))
        {
            if (message.Chunk == mark)
            {
                break;
            }

            if (HistoryCodec.TryDecode(message.Payload) is { } decoded)
            {
                former.Apply(message.Chunk, message.Sequence, decoded);
            }
        }

        foreach (var (_, _, offer) in former.offers)
        {
            foreach (var item in offer.Items)
            {
                if (former.ids.Add(item.Index) && !former.IsToRunAgain(item.Index, retriesFailed))
                {
                    (former.unmatched.TryGetValue(item.Hash, out var same) ? same : former.unmatched[item.Hash] = new LinkedList<long>()).AddLast(item.Index);
                }
            }
        }

        return former;
    }

    /// <summary>Finds an item among those of the earlier submitter, and gives it the name that it has there; or one that nobody has there.</summary>
    /// <returns>Whether it was found.</returns>
    public bool TryMatch(QueueItem item)
    {
        if (unmatched.TryGetValue(item.Hash, out var same) && same.First is { } first)
        {
            // The same input has the same index, as a rule; one that is there several times has several.
            var node = same.Find(item.Id) ?? first;
            same.Remove(node);
            item.Id = node.Value;
            return true;
        }

        item.Id = ids.Contains(item.Id) ? nextId++ : item.Id;
        return false;
    }

    /// <summary>Whether none of its chunks is open any more; one that has ended is not asked for again.</summary>
    public bool HasEnded(Func<string, bool> isOpen)
    {
        while (ended < offers.Count && !isOpen(offers[ended].Chunk))
        {
            ended++;
        }

        return ended == offers.Count;
    }

    // As on one machine: what was stopped has no result.
    private bool IsToRunAgain(long item, bool retriesFailed) =>
        ends.TryGetValue(item, out var status) && (status == ItemStatus.Stopped || (retriesFailed && status != ItemStatus.Completed));

    private void Apply(string chunk, long sequence, HistoryEvent message)
    {
        if (message is ChunkOffer offer && !HostNotes.Is(chunk) && !histories.ContainsKey(chunk))
        {
            histories[chunk] = new ChunkHistory();
            offers.Add((chunk, sequence, offer));
            Array.ForEach(offer.Items, item => ends.Remove(item.Index));
        }

        if (histories.TryGetValue(chunk, out var history) && history.Apply(sequence, message))
        {
            var parts = message switch { ChunkResults results => results.Report.Parts, ChunkEnd end => end.Report.Parts, _ => [] };
            foreach (var end in parts.SelectMany(static part => part switch { ResultsPart results => results.Ends, LostPart lost => [lost.End], _ => Array.Empty<ReportedEnd>() }))
            {
                ends[end.Index] = end.Status;
            }

            if (history.End == EndReason.Lost)
            {
                Array.ForEach(history.Offer!.Items, item => ends.TryAdd(item.Index, ItemStatus.Crashed));
            }
        }
    }
}
