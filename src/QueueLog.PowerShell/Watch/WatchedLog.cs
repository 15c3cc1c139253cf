using QueueLog.Pool;
using QueueLog.Reading;
using QueueLog.Records;
using QueueLog.Reporting;

namespace QueueLog.PowerShell.Watch;

/// <summary>The last records of the log of a pool.</summary>
internal sealed class WatchedLog : IDisposable
{
    private const int Kept = 1000;

    private static readonly LogLevel[] Levels = [LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error];

    private readonly ItemEventReader itemEvents = new();
    private readonly List<LogEntry> entries = [];
    private LogFollower? follower;
    private string? path;

    /// <summary>The lowest level that is shown.</summary>
    public LogLevel Level { get; private set; } = LogLevel.Information;

    public void NextLevel() => Level = Levels[(Array.IndexOf(Levels, Level) + 1) % Levels.Length];

    /// <summary>Reads what has come.</summary>
    /// <param name="current">The file of the log; null for none.</param>
    public void Update(string? current)
    {
        try
        {
            if (current != path)
            {
                Dispose();
                path = current;
                follower = current is null ? null : new LogFollower(current, new LogQuery { Tail = Kept });
                Add(follower?.ReadPresent());
            }
            else
            {
                Add(follower?.Poll());
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It may be there the next time.
            Dispose();
            path = null;
        }
    }

    /// <summary>The last records that are to be seen, the latest last.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="worker">Those of this worker of it alone; null for all.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<LogEntry> Last(PoolStatus pool, WorkerStatus? worker, int count)
    {
        var isOf = worker is null ? static _ => true : OfWorker(pool, worker);
        var last = new List<LogEntry>();
        for (var i = entries.Count - 1; i >= 0 && last.Count < count; i--)
        {
            if ((entries[i].Level ?? LogLevel.Information) >= Level && isOf(entries[i]))
            {
                last.Add(entries[i]);
            }
        }

        last.Reverse();
        return last;
    }

    public void Dispose()
    {
        follower?.Dispose();
        follower = null;
        entries.Clear();
    }

    /// <summary>Tells the records of a worker from those of another pool's worker of the same name, as a report does.</summary>
    private Func<LogEntry, bool> OfWorker(PoolStatus pool, WorkerStatus worker)
    {
        var workers = new WorkerNames();
        var chosen = workers.Of(worker.Name);
        var present = workers.All[chosen].Of(worker.Pid);
        present.Apply(new PoolEvent(PoolEventKind.Born, worker.Name, worker.Pid, ""), worker.Started.UtcTicks, pool.Pid);
        foreach (var entry in entries)
        {
            workers.See(workers.OfRecord(entry.Worker, entry.Process), OriginOf(entry), TimeOf(entry));
            present.SeeRecord(TimeOf(entry));
        }

        var plan = new LanePlan(workers);
        var lane = plan.Of(chosen, worker.Pid, worker.Started.UtcTicks);
        return entry => workers.OfRecord(entry.Worker, entry.Process) == chosen && TimeOf(entry) >= pool.Started.UtcTicks
            && IsSame(plan.Of(chosen, OriginOf(entry).Pid, TimeOf(entry)));

        // What can be of several workers is shown with each.
        bool IsSame(int other) => other < 0 || other == lane;

        RecordOrigin OriginOf(LogEntry entry) => RecordOrigin.Of(entry, workers.OfRecord(entry.Worker, entry.Process) >= 0, itemEvents);

        long TimeOf(LogEntry entry) => entry.Timestamp?.UtcTicks ?? worker.Started.UtcTicks;
    }

    private void Add(IEnumerable<LogEntry>? more)
    {
        entries.AddRange(more ?? []);
        if (entries.Count > 2 * Kept)
        {
            entries.RemoveRange(0, entries.Count - Kept);
        }
    }
}
