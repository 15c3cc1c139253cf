using QueueLog.Diagnostics;
using QueueLog.Sinks.Spool;
using QueueLog.Wire;

namespace QueueLog.Queue.Logs;

/// <summary>What has come from the queue and is not in the log yet, for each host in the order of the queue. Thread-safe.</summary>
/// <remarks>A host that died within a long record keeps back what the queue holds of it, and nothing of another host.</remarks>
internal sealed class FeedWindow
{
    // More than this is not taken before some of it is in the log.
    private const long Size = 8 * 1024 * 1024;

    private readonly object gate = new();
    private readonly ChangeSignal changed;
    private readonly Dictionary<string, HostEntries> hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SpoolPosition> committed = new(StringComparer.Ordinal);
    private long waiting;

    public FeedWindow() => changed = new ChangeSignal(gate);

    /// <summary>A packet has come.</summary>
    /// <param name="sequence">Its place in the queue.</param>
    /// <param name="key">Of which spool it is.</param>
    /// <param name="end">Where it ends there.</param>
    /// <param name="length">Bytes of the records that it completes: without the rest of its record, a piece never gets into the log.</param>
    public void Add(long sequence, string key, SpoolPosition end, int length)
    {
        lock (gate)
        {
            var host = FeedCodec.HostOf(key);
            if (!hosts.TryGetValue(host, out var entries))
            {
                hosts.Add(host, entries = new HostEntries());
            }

            entries.LatestKey = key;
            entries.Waiting.Enqueue(new Entry(sequence, key, end, length));
            waiting += length;
            Advance(entries);
        }

        changed.Set();
    }

    /// <summary>The log has the records of a spool up to here.</summary>
    public void Commit(string key, SpoolPosition position)
    {
        lock (gate)
        {
            committed[key] = position;
            if (hosts.TryGetValue(FeedCodec.HostOf(key), out var entries))
            {
                Advance(entries);
            }
        }

        changed.Set();
    }

    /// <summary>Completes when there is room for more.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellation) => changed.WaitAsync(() => waiting < Size, cancellation);

    /// <summary>Completes when the queue may forget something of a host.</summary>
    public Task WaitForDoneAsync(CancellationToken cancellation) => changed.WaitAsync(() => hosts.Values.Any(static entries => entries.Done > entries.Released), cancellation);

    /// <summary>The hosts of which the queue may forget something, and up to which sequence.</summary>
    public IReadOnlyList<(string Host, long Through)> GetDone()
    {
        lock (gate)
        {
            return [.. hosts.Where(static host => host.Value.Done > host.Value.Released).Select(static host => (host.Key, host.Value.Done))];
        }
    }

    /// <summary>The queue has forgotten what it had of a host up to this sequence.</summary>
    public void MarkReleased(string host, long through)
    {
        lock (gate)
        {
            hosts[host].Released = through;
        }
    }

    private void Advance(HostEntries entries)
    {
        while (entries.Waiting.TryPeek(out var first) && (IsCommitted(first) || IsLeft(entries, first)))
        {
            entries.Waiting.Dequeue();
            waiting -= first.Length;
            entries.Done = first.Sequence;
        }
    }

    private bool IsCommitted(Entry entry) => committed.TryGetValue(entry.Key, out var position) && position >= entry.End;

    // The rest of a piece never comes when the host has another spool now.
    private static bool IsLeft(HostEntries entries, Entry first) =>
        first.Key != entries.LatestKey && first.Length == 0 && !entries.Waiting.Any(entry => entry.Key == first.Key && entry.Length > 0);

    private sealed class HostEntries
    {
        public Queue<Entry> Waiting { get; } = new();

        public string LatestKey { get; set; } = "";

        // Up to which sequence of the queue the log has everything of the host, and up to which the queue was told.
        public long Done { get; set; }

        public long Released { get; set; }
    }

    private readonly record struct Entry(long Sequence, string Key, SpoolPosition End, int Length);
}
