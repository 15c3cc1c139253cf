namespace QueueLog.Journal;

/// <summary>How far a log has the records of other machines. Used by the dispatcher's thread.</summary>
/// <param name="folder">The listener's own journal; null where it has none, and knows nothing beyond its end.</param>
internal sealed class FeedPositions(string? folder)
{
    private const int MostFeeds = 10_000;

    // As long as a queue keeps records.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private readonly Dictionary<string, FeedPosition> known = new(StringComparer.Ordinal);
    private readonly List<FeedPosition> moved = [];

    /// <summary>Those with records that are not committed.</summary>
    public IReadOnlyList<FeedPosition> Moved => moved;

    /// <summary>What is known of a log, by its journals.</summary>
    /// <exception cref="IOException">A journal cannot be read.</exception>
    public static FeedPositions Load(IReadOnlyList<JournalFolder> journals)
    {
        var positions = new FeedPositions(journals.Count > 0 ? journals[0].Path : null);
        foreach (var journal in journals)
        {
            foreach (var found in FeedPosition.ReadAll(journal.Path, DateTime.UtcNow - Longest))
            {
                if (!positions.known.TryGetValue(found.Key, out var other) || other.Committed < found.Committed)
                {
                    positions.known[found.Key] = new FeedPosition(journals[0].Path, found.Key, found.Committed);
                }
            }
        }

        return positions;
    }

    /// <summary>That of a feed; a new one begins at 0.</summary>
    /// <returns>Null where there are too many.</returns>
    public FeedPosition? Find(string key)
    {
        if (!known.TryGetValue(key, out var position) && known.Count < MostFeeds)
        {
            known.Add(key, position = new FeedPosition(folder ?? "", key, 0));
        }

        return position;
    }

    /// <summary>A record of it has been given to the sinks.</summary>
    public void Move(FeedPosition feed, long read)
    {
        if (feed.Read == feed.Committed)
        {
            moved.Add(feed);
        }

        feed.Read = read;
    }

    /// <summary>Everything given to the sinks is written.</summary>
    /// <exception cref="IOException">A position cannot be kept; after a death of this process records would come twice.</exception>
    public void Commit()
    {
        IOException? failure = null;
        foreach (var feed in moved)
        {
            try
            {
                feed.Commit(isKept: folder is not null);
            }
            catch (IOException e)
            {
                failure = e;
            }
        }

        moved.Clear();
        if (failure is not null)
        {
            throw failure;
        }
    }
}
