using QueueLog.Reading;
using QueueLog.Records;

namespace QueueLog.Reporting;

/// <summary>Takes the entries of the logs.</summary>
internal sealed class RecordIntake(ReportOptions options, WorkerNames workers, ItemIntake jobs, TimeBuckets timeline, FailureGroups failures)
{
    private const int Raw = -1;

    private readonly RecordSample errors = new(options.RecordBudget / 3);
    private readonly RecordSample important = new(options.RecordBudget / 3);
    private readonly RecordSample ordinary = new(options.RecordBudget / 3);
    // A log can be made to name any number of processes.
    private const int MostProcesses = 5000;

    private readonly HashSet<string> processes = [];
    private readonly ItemEventReader itemEvent = new();
    private long time = jobs.From ?? options.Clock.GetUtcNow().UtcTicks;
    private long number;
    private long untimedAtBegin;
    private long begin;

    public long[] Levels { get; } = new long[RunReport.LevelCount];

    public long RawLines { get; private set; }

    public long From { get; private set; } = long.MaxValue;

    public long To { get; private set; } = long.MinValue;

    public int? OffsetMinutes { get; private set; }

    /// <summary>Records that are earlier than the one before by more than a moment.</summary>
    public long Backwards { get; private set; }

    /// <summary>Records that show no time.</summary>
    public long Untimed { get; private set; }

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
    public IEnumerable<ReportRecord> Kept => errors.Kept.Concat(important.Kept).Concat(ordinary.Kept).OrderBy(record => record.Number)
        .Select(record => record.Number <= untimedAtBegin ? record with { Time = begin } : record);

    public void Add(LogEntry entry)
    {
        var level = entry.Level is { } shown ? (int)shown : Raw;
        var lane = workers.OfRecord(entry.Worker, entry.Process);
        ReadTime(entry);
        var origin = entry.IsRaw ? default : RecordOrigin.Of(entry, lane >= 0, itemEvent);
        var known = entry.IsRaw ? null : AddRecord(entry, level, lane, origin);
        RawLines += entry.IsRaw ? 1 : 0;
        number++;
        var sample = level >= (int)LogLevel.Error ? errors : level == (int)LogLevel.Warning || known is { IsFailure: true } ? important : ordinary;
        if (sample.WantsNext)
        {
            sample.Add(new ReportRecord(time, level, ProcessOf(entry), lane, entry.Item ?? -1, ReportText.Cut(entry.Message, ReportText.LongestMessage), TextOf(entry.Exception))
            {
                Number = number,
                Pid = origin.Pid > 0 ? origin.Pid : known?.Pid ?? 0,
            });
        }
    }

    private string ProcessOf(LogEntry entry)
    {
        var process = ReportText.Cut(entry.Process ?? entry.Worker ?? "", ReportText.LongestName);
        return processes.Contains(process) || (processes.Count < MostProcesses && processes.Add(process)) ? process : "(another)";
    }

    private static string TextOf(ExceptionInfo? exception) => exception is null
        ? ""
        : ReportText.Cut($"{exception.Type}: {exception.Message}{(exception.StackTrace is { } trace ? "\n" + trace : "")}", ReportText.LongestMessage);

    private void ReadTime(LogEntry entry)
    {
        if (entry.Timestamp is not { } shown)
        {
            // Of the time of the entry before it.
            Untimed += entry.IsRaw ? 0 : 1;
            return;
        }

        OffsetMinutes ??= (int)shown.Offset.TotalMinutes;
        if (From == long.MaxValue && jobs.From is null)
        {
            (untimedAtBegin, begin) = (number, shown.UtcTicks);
        }

        Backwards += From != long.MaxValue && time - shown.UtcTicks > TimeSpan.TicksPerMinute ? 1 : 0;
        time = shown.UtcTicks;
        From = Math.Min(From, time);
        To = Math.Max(To, time);
    }

    /// <summary>Counts a record.</summary>
    /// <returns>The item of the job log that it belongs to.</returns>
    private ReportItem? AddRecord(LogEntry entry, int level, int lane, RecordOrigin origin)
    {
        var pid = origin.OwnPid;
        var known = entry.Item is { } item ? jobs.Find(item, lane, pid, entry.Attempt ?? 0, time) : null;
        if (entry.Timestamp is null && known is not null)
        {
            time = known.Start;
        }

        if (level >= 0)
        {
            Levels[level]++;
        }

        if (level >= 0 && entry.Timestamp is not null)
        {
            timeline.AddRecord(time, level);
        }

        if (level >= (int)LogLevel.Error && known is not { IsFailure: true })
        {
            failures.AddRecord(entry.Template, entry.Message, time, entry.Item ?? -1);
        }

        if (workers.See(lane, origin, time) is { } life && pid > 0)
        {
            ShowsPids = true;
            SharesPids |= jobs.Pids.Contains(pid);

            // An attempt at an item of a job log is of its run.
            life.Run = life.Run > 0 || known is null ? life.Run : jobs.LifeOf(known)?.Run ?? 0;
        }

        if (entry.Item is not null)
        {
            ShowsItems = true;
            if (origin.OfItem is not null || (lane >= 0 && origin.IsOwn))
            {
                Attempts.See(lane, entry, time, pid, known, origin.OfItem);
            }
        }

        return known;
    }
}
