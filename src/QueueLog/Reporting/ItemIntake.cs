using QueueLog.Pool.JobLog;
using QueueLog.Records;

namespace QueueLog.Reporting;

/// <summary>Takes the items of job logs: keeps those that failed, and of the others as many as there may be.</summary>
internal sealed class ItemIntake(ReportOptions options, LaneList lanes)
{
    private readonly List<ReportItem> failures = [];
    private readonly Dictionary<InputKey, ReportItem> latest = [];
    private readonly Dictionary<long, ReportItem> byIndex = [];
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

    /// <summary>Inputs that completed more than once.</summary>
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

    /// <summary>The last line of an item; null if there is none, or it was not kept.</summary>
    public ReportItem? Find(long index) => byIndex.GetValueOrDefault(index);

    public void Add(JobLogItem line, TimeBuckets timeline)
    {
        Count++;
        OffsetMinutes ??= (int?)line.Started?.Offset.TotalMinutes;
        var item = ToItem(line);
        Retries += Math.Max(0, item.Attempt - 1);
        Backwards += item.End < item.Start ? 1 : 0;
        Statuses[item.Status] = Statuses.GetValueOrDefault(item.Status) + 1;
        if (item.Pid > 0)
        {
            Pids.Add(item.Pid);
        }

        if (line.Key is { } key)
        {
            Replace(key, item);
        }

        if (line.Started is not null && item.End >= item.Start)
        {
            Durations.Add(item.End - item.Start);
            timeline.AddBusy(item.Start, item.End);
        }

        timeline.AddEnd(item.End, item.IsFailure);
        Note(item);
        if (item.IsFailure)
        {
            failures.Add(item);
        }
        else
        {
            AddOther(item);
        }
    }

    private ReportItem ToItem(JobLogItem line)
    {
        var end = line.Ended ?? line.Started ?? line.Queued ?? DateTimeOffset.UnixEpoch;
        var start = line.Started ?? (line.Duration is { } duration ? end - duration : end);
        var error = line.Errors.Count == 0 ? default : line.Errors[^1];
        var isFailure = line.Status is ItemStatus.Failed or ItemStatus.TimedOut or ItemStatus.Crashed;
        return new ReportItem
        {
            Index = line.Index,
            Lane = lanes.Of(line.Worker),
            Pid = line.Pid,
            Status = ReportItem.StatusOf(line.Status),
            Attempt = line.Attempt,
            Start = start.UtcTicks,
            End = end.UtcTicks,
            Input = Shorten(line.Input, ReportText.LongestInput, isFailure),
            ExitCode = line.ExitCode,
            Error = Shorten(error.Message ?? "", ReportText.LongestMessage, isFailure),
            ErrorId = error.Id ?? "",
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
                Statuses[former.Status]--;
                Retries++;
                former.Status = ReportStatus.Retried;
            }
            else
            {
                Repeated++;
            }
        }

        latest[key] = item;
    }

    private void Note(ReportItem item)
    {
        byIndex[item.Index] = item;
        if (item.Lane < 0)
        {
            return;
        }

        var lane = lanes.All[item.Lane];
        lane.Items++;
        lane.Failures += item.IsFailure ? 1 : 0;
        lane.Busy += Math.Max(0, item.End - item.Start);
        if (item.Pid > 0)
        {
            lane.See(item.Pid, item.Start);
            lane.See(item.Pid, item.End);
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
