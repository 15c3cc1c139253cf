using QueueLog.Listener;
using QueueLog.Pool.JobLog;
using QueueLog.Records;

namespace QueueLog.Reporting;

/// <summary>Takes the items of job logs: keeps those that failed, and of the others as many as there may be.</summary>
internal sealed class ItemIntake(ReportOptions options, WorkerNames workers, TimeBuckets timeline)
{
    private const long Untimed = -1;

    private readonly List<ReportItem> failures = [];
    private readonly Dictionary<InputKey, ReportItem> latest = [];
    private readonly List<ReportItem> replaced = [];
    private readonly List<ReportItem> untimed = [];
    private readonly ItemIndex index = new();
    private int counted;
    private readonly HashSet<WorkerLife> livesHere = [];
    private long repeatedHere;
    private int runs;
    private List<ReportItem> others = [];
    private long othersSeen;
    private long stride = 1;
    private long failureText;
    private long otherText;

    /// <summary>Lines of the job logs.</summary>
    public long Count { get; private set; }

    /// <summary>Attempts beyond the first.</summary>
    public long Retries { get; private set; }

    /// <summary>Items whose end is before their begin.</summary>
    public long Backwards { get; private set; }

    /// <summary>Inputs that were run again after they had completed.</summary>
    public long Repeated { get; private set; }

    /// <summary>The offset from UTC of its times; null where there are none.</summary>
    public int? OffsetMinutes { get; private set; }

    public bool IsThinned => stride > 1;

    public bool IsShortened { get; private set; }

    public Dictionary<ReportStatus, long> Statuses { get; } = [];

    public List<long> Durations { get; } = [];

    public HashSet<int> Pids { get; } = [];

    /// <summary>Those that are kept.</summary>
    public IEnumerable<ReportItem> Kept => failures.Concat(others);

    /// <summary>Those that failed and were not run again behind that.</summary>
    public IEnumerable<ReportItem> Failures => failures.Where(item => item.IsFailure);

    /// <summary>The first moment that is known; null for none.</summary>
    public long? From { get; private set; }

    /// <summary>The process that an item ran in; null if it never came to a worker.</summary>
    public WorkerLife? LifeOf(ReportItem item) => item.Lane < 0 ? null : workers.All[item.Lane].Of(item.Pid);

    /// <inheritdoc cref="ItemIndex.Find"/>
    public ReportItem? Find(long item, int lane, int pid, int attempt, long time) => index.Find(item, lane, pid, attempt, time);

    public void Add(JobLogItem line)
    {
        Count++;
        OffsetMinutes ??= (int?)line.Started?.Offset.TotalMinutes;
        var item = ToItem(line);
        Retries += Math.Max(0, item.Attempt - 1);
        Backwards += item.End < item.Start ? 1 : 0;
        index.Add(item);
        if (item.Pid > 0)
        {
            Pids.Add(item.Pid);
            _ = LifeOf(item) is { } life && livesHere.Add(life);
        }

        if (line.Key is { } key)
        {
            Replace(key, item);
        }

        if (item.End != Untimed)
        {
            From = Math.Min(From ?? long.MaxValue, Math.Min(item.Start, item.End));
            NoteTimes(item);
        }
        else
        {
            untimed.Add(item);
        }

        if (item.IsFailure)
        {
            failures.Add(item);
        }
        else
        {
            CountEnd(item);
            AddOther(item);
        }
    }

    /// <summary>Counts what failed, once it is known whether it was run again: each file is a story of its own.</summary>
    public void EndFile()
    {
        // Where whole runs follow each other in a file, each counts. Where only what failed was run again, that was a retry.
        foreach (var item in repeatedHere == 0 ? replaced : [])
        {
            item.Status = ReportStatus.Retried;
            Retries++;
        }

        for (; counted < failures.Count; counted++)
        {
            if (failures[counted].IsFailure)
            {
                CountEnd(failures[counted]);
            }
        }

        // A job log that has a process in common with one before it is of the same pool: a warm one.
        var run = livesHere.FirstOrDefault(life => life.Run > 0)?.Run ?? ++runs;
        foreach (var life in livesHere)
        {
            life.Run = run;
        }

        untimed.ForEach(item => item.Start = item.End = From ?? options.Clock.GetUtcNow().UtcTicks);
        Repeated += repeatedHere;
        repeatedHere = 0;
        replaced.Clear();
        untimed.Clear();
        latest.Clear();
        livesHere.Clear();
    }

    private ReportItem ToItem(JobLogItem line)
    {
        var end = (line.Ended ?? line.Started ?? line.Queued)?.UtcTicks ?? Untimed;
        var start = line.Started?.UtcTicks ?? (end == Untimed ? Untimed : Math.Clamp(end - (line.Duration?.Ticks ?? 0), 0, DateTime.MaxValue.Ticks));
        var error = line.Errors.Count == 0 ? default : line.Errors[^1];
        var isFailure = line.Status is ItemStatus.Failed or ItemStatus.TimedOut or ItemStatus.Crashed;
        return new ReportItem
        {
            Index = line.Index,
            Lane = workers.Of(line.Worker),
            Pid = line.Pid,
            Status = ReportItem.StatusOf(line.Status),
            Attempt = line.Attempt,
            Start = start,
            End = end,
            IsTimed = line.Started is not null,
            Input = Shorten(line.Input, ReportText.LongestInput, isFailure),
            ExitCode = line.ExitCode,
            Error = Shorten(error.Message ?? "", ReportText.LongestMessage, isFailure),
            ErrorId = Shorten(error.Id ?? "", ReportText.LongestShape, isFailure),
            StackTrace = Shorten(error.StackTrace ?? "", ReportText.LongestMessage, isFailure),
        };
    }

    private string Shorten(string text, int most, bool isFailure)
    {
        var used = isFailure ? failureText : otherText;
        var isOver = used > options.TextBudget;
        var cut = ReportText.Cut(text, isOver ? ReportText.Shortest : most);
        IsShortened |= isOver && text.Length > cut.Length;
        used += ReportText.SizeOf(cut);
        (failureText, otherText) = isFailure ? (used, otherText) : (failureText, used);
        return cut;
    }

    // A run with -ResumeFailed has a second line for what failed in the one before.
    private void Replace(InputKey key, ReportItem item)
    {
        if (latest.TryGetValue(key, out var former))
        {
            if (former.IsFailure)
            {
                replaced.Add(former);
            }
            else
            {
                repeatedHere++;
            }
        }

        latest[key] = item;
    }

    private void CountEnd(ReportItem item)
    {
        Statuses[item.Status] = Statuses.GetValueOrDefault(item.Status) + 1;
        if (LifeOf(item) is { } life)
        {
            life.Items++;
            life.Failures += item.IsFailure ? 1 : 0;
        }

        if (item.End != Untimed)
        {
            timeline.AddEnd(item.End, item.IsFailure);
        }

        if (item.IsTimed && item.End >= item.Start)
        {
            Durations.Add(item.End - item.Start);
        }
    }

    private void NoteTimes(ReportItem item)
    {
        timeline.AddBusy(item.Start, item.End);
        if (LifeOf(item) is { } life)
        {
            life.Busy = Saturating.Add(life.Busy, Math.Max(0, item.End - item.Start));
            life.SeeItem(item.Start);
            life.SeeItem(item.End);
        }
    }

    private void AddOther(ReportItem item)
    {
        if (othersSeen++ % stride == 0)
        {
            others.Add(item);
        }

        if (others.Count > options.MostItems)
        {
            stride *= 2;
            others = [.. others.Where((_, place) => place % 2 == 0)];
        }
    }
}
