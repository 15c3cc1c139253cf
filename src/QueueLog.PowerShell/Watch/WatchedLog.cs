using QueueLog.Reading;
using QueueLog.Records;

namespace QueueLog.PowerShell.Watch;

/// <summary>The last records of the log of a pool.</summary>
internal sealed class WatchedLog : IDisposable
{
    private const int Kept = 1000;

    private static readonly LogLevel[] Levels = [LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error];

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
    /// <param name="worker">Those of this worker alone; null for all.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<LogEntry> Last(string? worker, int count)
    {
        var last = new List<LogEntry>();
        for (var i = entries.Count - 1; i >= 0 && last.Count < count; i--)
        {
            if ((entries[i].Level ?? LogLevel.Information) >= Level && (worker is null || entries[i].Worker == worker || entries[i].Process == worker))
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

    private void Add(IEnumerable<LogEntry>? more)
    {
        entries.AddRange(more ?? []);
        if (entries.Count > 2 * Kept)
        {
            entries.RemoveRange(0, entries.Count - Kept);
        }
    }
}
