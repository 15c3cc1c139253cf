using QueueLog.Pool.Processes;
using QueueLog.Reading;
using QueueLog.Records;

namespace QueueLog.Reporting;

/// <summary>Attempts at items as the log tells of them: from their first record to their last.</summary>
internal sealed class AttemptTracker
{
    // What comes beyond these has no bar of its own.
    private const int Most = 250_000;

    // Records are stamped by one process, items by another, in time that is set now and then.
    private static readonly long SameTime = TimeSpan.FromSeconds(30).Ticks;

    private readonly Dictionary<(int Lane, long Item, int Attempt), TrackedAttempt> attempts = [];

    public bool IsFull => attempts.Count >= Most;

    /// <summary>Items whose records and job log are apart in time.</summary>
    public long Skewed { get; private set; }

    /// <summary>The most that they are.</summary>
    public long Skew { get; private set; }

    /// <param name="lane">The lane of the worker.</param>
    /// <param name="entry">A record that names an item.</param>
    /// <param name="time">Its time.</param>
    /// <param name="isOwn">Whether the worker's own process wrote it, and not the pool.</param>
    public void See(int lane, LogEntry entry, long time, bool isOwn)
    {
        var news = entry.Category is null or PoolLog.PoolCategory ? ItemNews.Parse(entry.Message) : null;
        if (news is null && !isOwn)
        {
            return;
        }

        var key = (lane, entry.Item!.Value, entry.Attempt ?? 0);
        if (!attempts.TryGetValue(key, out var attempt))
        {
            if (IsFull)
            {
                return;
            }

            attempts.Add(key, attempt = new TrackedAttempt());
        }

        attempt.First = Math.Min(attempt.First, time - (news?.Took ?? 0));
        attempt.Last = Math.Max(attempt.Last, time);
        attempt.Pid = isOwn && entry.Pid is { } pid ? pid : attempt.Pid;
        if (news is not null)
        {
            attempt.Apply(news);
        }
        else if (entry.Level >= LogLevel.Error && attempt.Error.Length == 0)
        {
            attempt.Error = ReportText.Cut(entry.Message, ReportText.LongestMessage);
        }
    }

    /// <summary>Those that no job log has: attempts before the last, items that were under way, and everything where there is no job log.</summary>
    public IEnumerable<ReportItem> Beyond(ItemIntake jobs, bool hasJobLog)
    {
        var last = attempts.Keys.GroupBy(key => key.Item).ToDictionary(keys => keys.Key, keys => keys.Max(key => key.Attempt));
        foreach (var (key, attempt) in attempts)
        {
            var known = jobs.Find(key.Item);
            if (known is not null && (key.Attempt == 0 || key.Attempt == known.Attempt))
            {
                Compare(known, attempt);
                continue;
            }

            var isLast = known is null ? key.Attempt == last[key.Item] : key.Attempt > known.Attempt;
            yield return new ReportItem
            {
                Index = key.Item,
                Lane = key.Lane,
                Pid = attempt.Pid,
                Attempt = Math.Max(1, key.Attempt),
                Start = attempt.First,
                End = attempt.Last,
                Status = !isLast ? ReportStatus.Retried : hasJobLog && attempt.Status == ReportStatus.Unknown ? ReportStatus.Unfinished : attempt.Status,
                Error = attempt.Error,
                Input = known?.Input ?? attempt.Input,
            };
        }
    }

    private void Compare(ReportItem known, TrackedAttempt attempt)
    {
        var skew = Math.Max(attempt.First - known.End, known.Start - attempt.Last);
        if (skew > SameTime && (attempt.Pid == 0 || attempt.Pid == known.Pid))
        {
            Skewed++;
            Skew = Math.Max(Skew, skew);
        }
    }

    private sealed class TrackedAttempt
    {
        public long First { get; set; } = long.MaxValue;

        public long Last { get; set; } = long.MinValue;

        public int Pid { get; set; }

        public string Error { get; set; } = "";

        public string Input { get; private set; } = "";

        public ReportStatus Status { get; private set; } = ReportStatus.Unknown;

        public void Apply(ItemNews news)
        {
            // The worker may say that it was stopped, and the pool why.
            Status = Status is ReportStatus.Unknown or ReportStatus.Stopped ? news.Status : Status;
            Input = Input.Length == 0 ? ReportText.Cut(news.Input, ReportText.LongestInput) : Input;
            Error = Error.Length == 0 ? ReportText.Cut(news.Error, ReportText.LongestMessage) : Error;
        }
    }
}
