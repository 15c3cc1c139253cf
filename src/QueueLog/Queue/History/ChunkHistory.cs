namespace QueueLog.Queue.History;

/// <summary>What the messages of a chunk's history come to, in their order.</summary>
/// <remarks>
/// A chunk is one attempt of each of its items and has one claim, so that no attempt is ever begun twice: a host that dies ends the chunk, and
/// what is tried again is in another one. Only the submitter ends a chunk whose host is lost. It must decide in any case whether an
/// item is tried again, it alone knows the attempts and deaths of all hosts, and a host that took a chunk over would have to learn them first.
/// </remarks>
internal sealed class ChunkHistory
{
    private readonly Dictionary<long, OfferedItem> open = [];

    /// <summary>What is in the chunk; null when the offer is not there.</summary>
    public ChunkOffer? Offer { get; private set; }

    /// <summary>Who began it; null for nobody.</summary>
    public ChunkClaim? Claim { get; private set; }

    /// <summary>Why nothing more comes of it; null while something may.</summary>
    public EndReason? End { get; private set; }

    /// <summary>Whether the server has forgotten a claim and let another host in: the items may have been begun twice.</summary>
    public bool WasReclaimed { get; private set; }

    /// <summary>Sequence of the last message, which whoever appends must name.</summary>
    public long LastSequence { get; private set; }

    /// <summary>What the messages that a server has come to; one that is none is passed over.</summary>
    public static ChunkHistory Of(IEnumerable<HistoryMessage> messages)
    {
        var history = new ChunkHistory();
        foreach (var message in messages)
        {
            history.LastSequence = message.Sequence;
            if (HistoryCodec.TryDecode(message.Payload) is { } decoded)
            {
                history.Apply(message.Sequence, decoded);
            }
        }

        return history;
    }

    /// <summary>Applies the next message.</summary>
    /// <returns>
    /// Whether it counts. A server that has lost its last messages may give their sequences to others, and so let one in that would
    /// have been refused; therefore results name their claim.
    /// </returns>
    public bool Apply(long sequence, HistoryEvent message)
    {
        LastSequence = sequence;
        if (End is not null)
        {
            return false;
        }

        switch (message)
        {
            case ChunkOffer offer when Offer is null:
                Offer = offer;
                Array.ForEach(offer.Items, item => open[item.Index] = item);
                return true;
            case ChunkClaim claim when Offer is not null:
                WasReclaimed |= Claim is { } former && former.Nonce != claim.Nonce;
                Claim = claim;
                return true;
            case ChunkResults results when results.Nonce == Claim?.Nonce:
                return true;
            case ChunkEnd { Nonce: 0 } given when given.Reason == (Claim is null ? EndReason.TakenBack : EndReason.Lost):
            case ChunkEnd { Reason: EndReason.Done or EndReason.Returned } own when own.Nonce == Claim?.Nonce:
                End = ((ChunkEnd)message).Reason;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether another reading of the history came to the same; if not, the server has forgotten something that it had told.</summary>
    public bool IsSame(ChunkHistory other) => LastSequence == other.LastSequence && Claim?.Nonce == other.Claim?.Nonce && End == other.End;

    /// <summary>Notes that an item's end has come.</summary>
    /// <returns>The item; null when it is none of the chunk's, or its end had come before.</returns>
    public OfferedItem? EndItem(long index) => open.Remove(index, out var item) ? item : null;

    /// <summary>The items whose end has not come.</summary>
    public IReadOnlyCollection<OfferedItem> OpenItems => open.Values;
}
