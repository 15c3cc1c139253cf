using QueueLog.Pool.Processes;
using QueueLog.Reading;
using QueueLog.Records;

namespace QueueLog.Reporting;

/// <summary>Takes the entries of the logs.</summary>
internal sealed class RecordIntake(ReportOptions options, LaneList lanes, ItemIntake jobs, TimeBuckets timeline, FailureGroups failures)
{
    private const int Raw = -1;

    private readonly RecordSample errors = new(options.RecordBudget / 3);
    private readonly RecordSample important = new(options.RecordBudget / 3);
    private readonly RecordSample ordinary = new(options.RecordBudget / 3);
    private readonly HashSet<long> failedItems = [.. jobs.Failures.Select(item => item.Index)];
    private long time = long.MinValue;
    private long number;

    public long[] Levels { get; } = new long[RunReport.LevelCount];

    public long RawLines { get; private set; }

    public long From { get; private set; } = long.MaxValue;

    public long To { get; private set; } = long.MinValue;

    public int? OffsetMinutes { get; private set; }

    /// <summary>Records that are earlier than the one before by more than a moment.</summary>
    public long Backwards { get; private set; }

    public bool ShowsItems { get; private set; }

    public bool ShowsPids { get; private set; }

    /// <summary>Whether one of its processes is one of the job log's.</summary>
    public bool SharesPids { get; private set; }

    public AttemptTracker Attempts { get; } = new();

    public RecordSample Errors => errors;

    public RecordSample Important => important;

    public RecordSample Ordinary => ordinary;

    public long Count => errors.Count + important.Count + ordinary.Count;

    /// <summary>Those that are kept, in the order they were read.</summary>
    public IEnumerable<ReportRecord> Kept => errors.Kept.Concat(important.Kept).Concat(ordinary.Kept).OrderBy(record => record.Number);

    public void Add(LogEntry entry)
    {
        var level = entry.Level is { } shown ? (int)shown : Raw;
        ReadTime(entry);
        var lane = lanes.OfRecord(entry.Worker, entry.Process);
        var item = entry.Item ?? -1;
        if (entry.IsRaw)
        {
            RawLines++;
        }
        else
        {
            AddRecord(entry, level, lane);
        }

        number++;
        var sample = level >= (int)LogLevel.Error ? errors : level == (int)LogLevel.Warning || failedItems.Contains(item) ? important : ordinary;
        if (sample.WantsNext)
        {
            var process = entry.Process ?? entry.Worker ?? "";
            sample.Add(new ReportRecord(time, level, process, lane, item, ReportText.Cut(entry.Message, ReportText.LongestMessage), TextOf(entry.Exception)) { Number = number });
        }
    }

    private static string TextOf(ExceptionInfo? exception) => exception is null
        ? ""
        : ReportText.Cut($"{exception.Type}: {exception.Message}{(exception.StackTrace is { } trace ? "\n" + trace : "")}", ReportText.LongestMessage);

    private void ReadTime(LogEntry entry)
    {
        if (entry.Timestamp is not { } shown)
        {
            // Of the time of the entry before it.
            time = time == long.MinValue ? DateTime.UnixEpoch.Ticks : time;
            return;
        }

        OffsetMinutes ??= (int)shown.Offset.TotalMinutes;
        Backwards += time != long.MinValue && time - shown.UtcTicks > TimeSpan.TicksPerMinute ? 1 : 0;
        time = shown.UtcTicks;
        From = Math.Min(From, time);
        To = Math.Max(To, time);
    }

    private void AddRecord(LogEntry entry, int level, int lane)
    {
        // The pool writes of its workers, too, and then names them.
        var isOwn = entry.Process is null || entry.Worker is null || entry.Process == entry.Worker;
        if (level >= 0)
        {
            Levels[level]++;
            timeline.AddRecord(time, level);
        }

        if (level >= (int)LogLevel.Error && !(entry.Item is { } failed && failedItems.Contains(failed)))
        {
            failures.AddRecord(entry.Template, entry.Message, time, entry.Item ?? -1);
        }

        if (entry.Category is null ? lane < 0 : entry.Category == PoolLog.PoolCategory && !isOwn)
        {
            Apply(PoolNews.Parse(entry.Message));
        }
        else if (lane >= 0 && isOwn && entry.Pid is { } pid)
        {
            ShowsPids = true;
            SharesPids |= jobs.Pids.Contains(pid);
            lanes.All[lane].See(pid, time);
        }

        if (entry.Item is not null)
        {
            ShowsItems = true;
            if (lane >= 0)
            {
                Attempts.See(lane, entry, time, isOwn);
            }
        }
    }

    private void Apply(PoolNews? news)
    {
        if (news is null || lanes.Of(news.Worker) is not (>= 0 and var lane))
        {
            return;
        }

        var life = lanes.All[lane].See(news.Pid, time);
        switch (news.Kind)
        {
            case PoolNewsKind.Born:
                life.Born = time;
                break;
            case PoolNewsKind.Killed:
                life.End = ReportText.Cut(news.Text, ReportText.LongestShape);
                life.Died ??= time;
                break;
            default:
                life.Died = time;
                life.End = life.End.Length > 0 ? life.End : ReportText.Cut(news.Text, ReportText.LongestShape);
                break;
        }
    }
}
