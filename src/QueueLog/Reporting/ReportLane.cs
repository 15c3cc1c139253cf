using QueueLog.Listener;

namespace QueueLog.Reporting;

/// <summary>A worker of a pool: its processes, each of which took the place of the one before, and what they did.</summary>
internal sealed class ReportLane(string worker)
{
    private readonly List<WorkerLife> lives = [];
    private WorkerLife? unknown;

    /// <summary>The worker's name; where several lanes are of workers of that name, with the id of its first process.</summary>
    public string Name => IsOneOfSeveral ? FormattableString.Invariant($"{worker} ({lives[0].Pid})") : worker;

    public bool IsOneOfSeveral { get; set; }

    public IEnumerable<WorkerLife> Processes => lives.Where(static life => life.IsSeen);

    /// <summary>Its present process, or the last one.</summary>
    public WorkerLife Latest => lives[^1];

    public long Items => All.Sum(static life => life.Items);

    public long Failures => All.Sum(static life => life.Failures);

    /// <summary>Ticks.</summary>
    public long Busy => All.Aggregate(0L, static (busy, life) => Saturating.Add(busy, life.Busy));

    private IEnumerable<WorkerLife> All => unknown is null ? lives : lives.Append(unknown);

    public void Add(WorkerLife life)
    {
        lives.LastOrDefault()?.ReplaceBy(life);
        lives.Add(life);
    }

    /// <summary>Adds what shows no process.</summary>
    public void AddUnknown(WorkerLife rest) => unknown = rest;

    /// <summary>How far a moment is from the lives of its processes.</summary>
    public long DistanceTo(long time) => lives.Min(life => life.DistanceTo(time));
}
