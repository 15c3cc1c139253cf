namespace QueueLog.Reporting;

/// <summary>The life of a worker's process, as far as the files tell of it, in UTC ticks.</summary>
internal sealed class WorkerLife(int pid)
{
    private const string EndOfAsked = "ended";

    // The clocks of log and job log may differ: the times of one are compared with those of the same alone.
    private (long First, long Last) records = (long.MaxValue, long.MinValue);
    private (long First, long Last) items = (long.MaxValue, long.MinValue);
    private bool isReplaced;

    public int Pid => pid;

    /// <summary>When it was started; null where the log does not say.</summary>
    public long? Born { get; private set; }

    /// <summary>When it ended; null where the log does not say.</summary>
    public long? Died { get; private set; }

    /// <summary>How it ended.</summary>
    public string End { get; private set; } = "";

    /// <summary>The first that is seen of it.</summary>
    public long First => Math.Min(records.First, items.First);

    public long Last => Math.Max(records.Last, items.Last);

    /// <summary>Whether anything that has a time is known of it.</summary>
    public bool IsSeen => First <= Last;

    public long Begin => Born ?? First;

    /// <summary>Id of the process whose pool started it; 0 where that is not known.</summary>
    public int Parent { get; private set; }

    /// <summary>The number of its run among the job logs, from 1; 0 where that is not known.</summary>
    public int Run { get; set; }

    public long Items { get; set; }

    public long Failures { get; set; }

    /// <summary>Ticks.</summary>
    public long Busy { get; set; }

    /// <summary>Notes that the log shows it alive.</summary>
    public void SeeRecord(long time) => records = (Math.Min(records.First, time), Math.Max(records.Last, time));

    /// <summary>Notes that the job log shows it alive.</summary>
    public void SeeItem(long time) => items = (Math.Min(items.First, time), Math.Max(items.Last, time));

    /// <summary>Notes what its pool says of it.</summary>
    /// <param name="news">What it says.</param>
    /// <param name="time">When.</param>
    /// <param name="parent">Id of the process that has the pool; 0 where that is not known.</param>
    public void Apply(PoolEvent news, long time, int parent)
    {
        SeeRecord(time);
        Parent = parent;
        switch (news.Kind)
        {
            case PoolEventKind.Born:
                Born = time;
                break;
            case PoolEventKind.Killed:
                End = ReportText.Cut(news.Text, ReportText.LongestShape);
                Died ??= time;
                break;
            case PoolEventKind.Replaced:
                isReplaced = true;
                break;
            default:
                Died = time;
                End = End.Length > 0 ? End : ReportText.Cut(news.Text, ReportText.LongestShape);
                break;
        }
    }

    /// <summary>Whether another process of the same name can be the one that took its place.</summary>
    public bool CanBeReplacedBy(WorkerLife next) =>
        (Died ?? records.Last) <= (next.Born ?? next.records.First)
        && items.Last <= next.items.First
        && IsSame(Parent, next.Parent)
        && IsSame(Run, next.Run)
        && (isReplaced || End != EndOfAsked);

    /// <summary>Another process took its place: that is of the same pool.</summary>
    public void ReplaceBy(WorkerLife next)
    {
        next.Parent = next.Parent == 0 ? Parent : next.Parent;
        next.Run = next.Run == 0 ? Run : next.Run;
    }

    /// <summary>How far a moment is from its life.</summary>
    public long DistanceTo(long time) => Math.Max(0, Math.Max(Begin - time, time - Math.Max(Last, Died ?? long.MinValue)));

    private static bool IsSame(int one, int other) => one == 0 || other == 0 || one == other;
}
