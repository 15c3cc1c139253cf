using QueueLog.Reading;
using QueueLog.Records;

namespace QueueLog.Reporting;

/// <summary>Attempts at items as the log tells of them: from their first record to their last.</summary>
internal sealed class AttemptTracker
{
    // What comes beyond these has no bar of its own.
    private const int Most = 250_000;

    // Records get their time from one process and items from another, and clocks are sometimes set.
    private static readonly long SameTime = TimeSpan.FromSeconds(30).Ticks;

    private readonly List<TrackedAttempt> attempts = [];
    private readonly Dictionary<(int Lane, long Item, int Attempt), TrackedAttempt> latest = [];

    public bool IsFull => attempts.Count >= Most;

    /// <summary>Items whose records and job log are apart in time.</summary>
    public long Skewed { get; private set; }

    /// <summary>The most that they are.</summary>
    public long Skew { get; private set; }

    /// <summary>Attempts before the last, of items that no job log has.</summary>
    public long Retries { get; private set; }

    /// <param name="lane">The lane of the worker.</param>
    /// <param name="entry">A record that names an item.</param>
    /// <param name="time">Its time.</param>
    /// <param name="pid">The worker's process; 0 where the pool wrote it, or it is not shown.</param>
    /// <param name="known">The item of the job log; null if it has none.</param>
    /// <param name="entryEvent">What the record says of the item; null for what the item's script wrote.</param>
    public void See(int lane, LogEntry entry, long time, int pid, ReportItem? known, ItemEvent? entryEvent)
    {
        var (item, number) = (entry.Item!.Value, entry.Attempt ?? 0);
        var key = (lane, item, number);
        var former = latest.GetValueOrDefault(key);
        var attempt = former;
        while (attempt is not null && !attempt.IsOf(known, pid))
        {
            attempt = attempt.Former;
        }

        if (attempt is null || (entryEvent is { IsStart: true } && attempt.HasEnded))
        {
            if (IsFull)
            {
                return;
            }

            attempt = new TrackedAttempt(item, lane, number, known, former);
            attempts.Add(attempt);
            latest[key] = attempt;
        }

        attempt.See(time, pid, entryEvent);
        if (entryEvent is null && entry.Level >= LogLevel.Error && attempt.Error.Length == 0)
        {
            attempt.Error = ReportText.Cut(entry.Message, ReportText.LongestMessage);
        }
    }

    /// <summary>Attempts that are in no job log: those before the last, unfinished items, and all of them without a job log.</summary>
    public IEnumerable<ReportItem> Beyond(bool hasJobLog)
    {
        var retried = FindRetried();
        foreach (var attempt in attempts)
        {
            if (attempt.Known is { } known && ItemIndex.IsSame(known, attempt.Lane, attempt.Pid, attempt.Attempt))
            {
                Compare(known, attempt);
                continue;
            }

            yield return new ReportItem
            {
                Index = attempt.Item,
                Lane = attempt.Lane,
                Pid = attempt.Pid,
                Attempt = Math.Max(1, attempt.Attempt),
                Start = attempt.First,
                End = attempt.Last,
                Status = attempt.Known is not null || retried.Contains(attempt) ? ReportStatus.Retried : hasJobLog && attempt.Status == ReportStatus.Unknown ? ReportStatus.Unfinished : attempt.Status,
                Error = attempt.Error,
                Input = attempt.Known?.Input ?? attempt.Input,
            };
        }
    }

    // An attempt follows the previous one at its item. Other runs may use the same index, even at the same time.
    private HashSet<TrackedAttempt> FindRetried()
    {
        HashSet<TrackedAttempt> retried = [];
        foreach (var ofItem in attempts.Where(attempt => attempt.Known is null).GroupBy(attempt => attempt.Item))
        {
            List<TrackedAttempt> open = [];
            foreach (var attempt in ofItem.OrderBy(attempt => attempt.First))
            {
                if (open.FindLastIndex(before => before.Attempt < attempt.Attempt) is >= 0 and var place)
                {
                    retried.Add(open[place]);
                    open.RemoveAt(place);
                }

                open.Add(attempt);
            }
        }

        Retries = retried.Count;
        return retried;
    }

    private void Compare(ReportItem known, TrackedAttempt attempt)
    {
        var skew = Math.Max(attempt.First - known.End, known.Start - attempt.Last);
        if (skew > SameTime && known.IsTimed)
        {
            Skewed++;
            Skew = Math.Max(Skew, skew);
        }
    }

    private sealed class TrackedAttempt(long item, int lane, int attempt, ReportItem? known, TrackedAttempt? former)
    {
        public long Item => item;

        public int Lane => lane;

        public int Attempt => attempt;

        /// <summary>The item of the job log that it belongs to.</summary>
        public ReportItem? Known => known;

        /// <summary>The one before it of the same lane, index and number.</summary>
        public TrackedAttempt? Former => former;

        public long First { get; private set; } = long.MaxValue;

        public long Last { get; private set; } = long.MinValue;

        public int Pid { get; private set; }

        public string Error { get; set; } = "";

        public string Input { get; private set; } = "";

        public ReportStatus Status { get; private set; } = ReportStatus.Unknown;

        public bool HasEnded => Status != ReportStatus.Unknown;

        public bool IsOf(ReportItem? item, int process) => ReferenceEquals(known, item) && (Pid == 0 || process == 0 || Pid == process);

        public void See(long time, int process, ItemEvent? entryEvent)
        {
            First = Math.Min(First, Math.Max(0, time - (entryEvent?.Took ?? 0)));
            Last = Math.Max(Last, time);
            Pid = process > 0 ? process : Pid;
            if (entryEvent is null)
            {
                return;
            }

            // The worker may say that it was stopped, and the pool why.
            Status = Status is ReportStatus.Unknown or ReportStatus.Stopped ? entryEvent.Status : Status;
            Input = Input.Length == 0 ? ReportText.Cut(entryEvent.Input, ReportText.LongestInput) : Input;
            Error = Error.Length == 0 ? ReportText.Cut(entryEvent.Error, ReportText.LongestMessage) : Error;
        }
    }
}
