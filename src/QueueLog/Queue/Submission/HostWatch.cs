using QueueLog.Queue.History;
using QueueLog.Queue.Hosts;
using QueueLog.Sinks;

namespace QueueLog.Queue.Submission;

/// <summary>What a submitter knows of the hosts: who is there, who may take part, who is lost. Thread-safe.</summary>
internal sealed class HostWatch
{
    private readonly IQueueEngine engine;
    private readonly QueuePoolOptions options;
    private readonly Dictionary<string, (HostEntry Entry, long Revision)> hosts = new(StringComparer.Ordinal);

    // Chunks that their hosts do not say they have, and the revisions of the heartbeats that did not. Used by the sweep alone.
    private readonly Dictionary<string, (long First, long Second)> missing = new(StringComparer.Ordinal);

    public HostWatch(IQueueEngine engine, QueuePoolOptions options)
    {
        this.engine = engine;
        this.options = options;
        Clock = new HostClock(options.Time, options.HostTimeout, 2.5 * options.Heartbeat);
    }

    public HostClock Clock { get; }

    /// <summary>How many items the hosts that may take part run at once; at least 1.</summary>
    public int Slots
    {
        get
        {
            lock (hosts)
            {
                return Math.Clamp(hosts.Values.Where(host => IsEligible(host.Entry)).Sum(static host => host.Entry.Slots), 1, 100_000);
            }
        }
    }

    public HostEntry[] Entries
    {
        get
        {
            lock (hosts)
            {
                return [.. hosts.Values.Select(static host => host.Entry).OrderBy(static host => host.Host, StringComparer.OrdinalIgnoreCase)];
            }
        }
    }

    /// <summary>Whether the server has answered lately.</summary>
    public bool IsAnswered => Clock.IsAnswered(ConnectedSince);

    /// <summary>Reads the hosts there are.</summary>
    /// <exception cref="QueueException">The server does not answer.</exception>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        foreach (var entry in await engine.Hosts.GetAllAsync(cancellation).ConfigureAwait(false))
        {
            Apply(entry);
        }
    }

    /// <summary>Follows the heartbeats.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        for (var pause = default(RetryPause); !cancellation.IsCancellationRequested;)
        {
            try
            {
                await foreach (var entry in engine.Hosts.WatchAsync(cancellation).ConfigureAwait(false))
                {
                    Apply(entry);
                }
            }
            catch (OperationCanceledException)
            {
            }
            catch (QueueException)
            {
                await Task.WhenAny(Task.Delay(pause.Next(), cancellation)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Why each host that is there takes no part in a run.</summary>
    public HostRefusal[] RefusalsOf(string run) => Array.ConvertAll(Entries, host => new HostRefusal(
        host.Host,
        Array.Find(host.Refuses, refusal => refusal.Run == run)?.Reason
            ?? RefusalOf(host)
            ?? (host.IsStopping ? "it stops" : host.Runs.Contains(run) ? "it starts its workers" : "it has not begun")));

    /// <summary>Whether a host that is there may still begin to work for a run; also where the server has not answered lately, so that the hosts are not known.</summary>
    public bool MayBegin(string run) =>
        !IsAnswered || Array.Exists(Entries, host => IsEligible(host) && !Array.Exists(host.Refuses, refusal => refusal.Run == run));

    /// <summary>Whether a claimed chunk will not come to an end by its host.</summary>
    /// <exception cref="QueueException">The server does not answer: then nobody is lost.</exception>
    public async Task<bool> IsLostAsync(string chunk, ChunkClaim claim, CancellationToken cancellation)
    {
        var isMissing = IsMissing(chunk, claim);
        if (!isMissing)
        {
            missing.Remove(chunk);
        }

        if (!isMissing && !IsLost(claim))
        {
            return false;
        }

        // What the watch has told may be old: the table itself is asked.
        var present = await engine.Hosts.GetAsync(claim.Host, cancellation).ConfigureAwait(false);
        if (present is not null)
        {
            Apply(present);
        }

        return IsLost(claim) || (present is not null && IsMissing(chunk, claim) && HasForgotten(chunk, present.Revision));
    }

    private long? ConnectedSince => engine.Connection is { IsConnected: true, Since: var since } ? since : null;

    private bool IsLost(ChunkClaim claim) => Clock.IsLost(claim.Host, claim.Incarnation, ConnectedSince);

    private bool IsMissing(string chunk, ChunkClaim claim)
    {
        lock (hosts)
        {
            return !HostNotes.Is(chunk) && hosts.TryGetValue(claim.Host, out var host) && host.Entry.Incarnation == claim.Incarnation && !host.Entry.Chunks.Contains(chunk);
        }
    }

    // A server that has lost power may have forgotten the end that a host appended: the host lives and does not have the chunk any more.
    // What a heartbeat says is older than the heartbeat, but not than the one before it; so the third one that was seen counts.
    private bool HasForgotten(string chunk, long revision)
    {
        var (first, second) = missing.GetValueOrDefault(chunk);
        missing[chunk] = first == 0 ? (revision, 0) : second == 0 && revision > first ? (first, revision) : (first, second);
        return second > 0 && revision > second;
    }

    private bool IsEligible(HostEntry host) => !host.IsStopping && RefusalOf(host) is null;

    private string? RefusalOf(HostEntry host) => RunAdmission.RefusalOf(options.On, options.Version.ToString(), host.Host, host.Version);

    private void Apply(TableEntry told)
    {
        var entry = told.IsDeleted ? null : HostEntry.Decode(told.Value.Span);
        Clock.NoteHeartbeat(told.Key, entry?.Incarnation, told.Revision);
        lock (hosts)
        {
            if (entry is null)
            {
                hosts.Remove(told.Key);
            }
            else if (told.Revision > hosts.GetValueOrDefault(told.Key).Revision)
            {
                hosts[told.Key] = (entry, told.Revision);
            }
        }
    }
}
