namespace QueueLog.Listener;

/// <summary>The clients of a listener, present and past, with their counts. Thread-safe.</summary>
internal sealed class ClientTable
{
    // Clients that have left are listed one by one up to this many; the totals count them all.
    private const int MaxDeparted = 1000;

    private readonly object gate = new();
    private readonly HashSet<RecordSource> present = [];
    private readonly Queue<ClientStatistics> departed = new();
    private long departedReceived;
    private long departedWritten;
    private long departedLost;
    private long departedLimited;

    public IReadOnlyList<ClientStatistics> Clients
    {
        get
        {
            lock (gate)
            {
                // An array, since scripts have it: of the type that a collection expression makes, PowerShell finds no indexer.
                return departed.Concat(present.Select(source => source.Statistics)).ToArray();
            }
        }
    }

    public long Received => Sum(ref departedReceived, client => client.Received);

    public long Written => Sum(ref departedWritten, client => client.Written);

    public long Lost => Sum(ref departedLost, client => client.Lost);

    public long Limited => Sum(ref departedLimited, client => client.Limited);

    public void Add(RecordSource source)
    {
        lock (gate)
        {
            present.Add(source);
        }
    }

    /// <summary>The same client goes on under another source.</summary>
    public void Forget(RecordSource source)
    {
        lock (gate)
        {
            present.Remove(source);
        }
    }

    /// <summary>It has left, and its counts are final.</summary>
    public void End(RecordSource source)
    {
        var last = source.Statistics with { IsConnected = false };
        lock (gate)
        {
            if (!present.Remove(source))
            {
                return;
            }

            departedReceived += last.Received;
            departedWritten += last.Written;
            departedLost = Saturating.Add(departedLost, last.Lost);
            departedLimited += last.Limited;
            departed.Enqueue(last);
            if (departed.Count > MaxDeparted)
            {
                departed.Dequeue();
            }
        }
    }

    private long Sum(ref long fromDeparted, Func<ClientStatistics, long> of)
    {
        lock (gate)
        {
            return present.Aggregate(fromDeparted, (sum, source) => Saturating.Add(sum, of(source.Statistics)));
        }
    }
}
