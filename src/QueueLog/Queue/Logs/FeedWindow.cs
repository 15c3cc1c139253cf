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
    private readonly List<long> done = [];
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

    /// <summary>Completes when the queue may forget something.</summary>
    public Task WaitForDoneAsync(CancellationToken cancellation) => changed.WaitAsync(() => done.Count > 0, cancellation);

    /// <summary>The sequences that the queue may forget.</summary>
    public IReadOnlyCollection<long> GetDone()
    {
        lock (gate)
        {
            return [.. done];
        }
    }

    /// <summary>The queue has forgotten the first so many of them.</summary>
    public void MarkReleased(int count)
    {
        lock (gate)
        {
            done.RemoveRange(0, count);
        }
    }

    private void Advance(HostEntries entries)
    {
        while (entries.Waiting.TryPeek(out var first) && (IsCommitted(first) || IsLeft(entries, first)))
        {
            entries.Waiting.Dequeue();
            waiting -= first.Length;
            done.Add(first.Sequence);
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
    }

    private readonly record struct Entry(long Sequence, string Key, SpoolPosition End, int Length);
}
