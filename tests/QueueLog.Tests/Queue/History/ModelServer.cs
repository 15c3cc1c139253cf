using QueueLog.Queue.History;

namespace QueueLog.Tests.Queue.History;

/// <summary>Histories as a server keeps them.</summary>
internal sealed class ModelServer
{
    private readonly List<(long Sequence, string Chunk, byte[] Message)> messages = [];

    public string[] Chunks => [.. messages.Select(static message => message.Chunk).Distinct()];

    public (long Sequence, string Chunk, ChunkOffer Offer)[] Offers =>
        [.. messages.Select(static message => (message.Sequence, message.Chunk, Decoded: HistoryCodec.Decode(message.Message))).Where(static message => message.Decoded is ChunkOffer).Select(static message => (message.Sequence, message.Chunk, (ChunkOffer)message.Decoded))];

    /// <returns>The sequence; 0 when it was refused.</returns>
    public long Append(string chunk, long expectedLast, HistoryEvent message)
    {
        if (messages.LastOrDefault(other => other.Chunk == chunk).Sequence != expectedLast)
        {
            return 0;
        }

        var sequence = messages.Count == 0 ? 1 : messages[^1].Sequence + 1;
        messages.Add((sequence, chunk, HistoryCodec.Encode(message)));
        return sequence;
    }

    public ChunkHistory HistoryOf(string chunk)
    {
        var history = new ChunkHistory();
        messages.Where(message => message.Chunk == chunk).ToList().ForEach(message => history.Apply(message.Sequence, HistoryCodec.Decode(message.Message)));
        return history;
    }

    public (long Sequence, string Chunk, HistoryEvent Message)? Next(long after) =>
        messages.FindIndex(message => message.Sequence > after) is >= 0 and var index ? (messages[index].Sequence, messages[index].Chunk, HistoryCodec.Decode(messages[index].Message)) : null;

    /// <summary>Forgets the last message, as a server does that loses power before it has written it to the disk.</summary>
    public bool LoseLast()
    {
        if (messages.Count > 0)
        {
            messages.RemoveAt(messages.Count - 1);
            return true;
        }

        return false;
    }
}
