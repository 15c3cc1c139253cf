namespace QueueLog.Reporting;

/// <summary>
/// Parts the workers of each name into lanes. Two processes are of one lane where the later can have taken the place of the earlier;
/// not where both lived at a time, other processes started them, they are of different job logs, or the earlier one's pool was
/// ended. What nothing tells apart is one.
/// </summary>
internal sealed class LanePlan
{
    private readonly ReportLane[][] lanesOf;
    private readonly Dictionary<(int Worker, int Pid), ReportLane> laneOf = [];
    private readonly Dictionary<ReportLane, int> numbers = [];
    private int room;

    public LanePlan(WorkerNames workers)
    {
        room = WorkerNames.Most - workers.All.Count;
        lanesOf = [.. workers.All.Select((worker, number) => Part(number, worker))];
        var order = Enumerable.Range(0, lanesOf.Length)
            .OrderBy(worker => WorkerNames.NumberIn(workers.All[worker].Name))
            .ThenBy(worker => workers.All[worker].Name, StringComparer.Ordinal);
        Lanes = [.. order.SelectMany(worker => lanesOf[worker])];
        for (var number = 0; number < Lanes.Count; number++)
        {
            numbers.Add(Lanes[number], number);
        }
    }

    /// <summary>The lanes in the order of their names, with numbers in theirs: Worker-2 before Worker-10.</summary>
    public IReadOnlyList<ReportLane> Lanes { get; }

    /// <summary>The number of the lane of what a worker did.</summary>
    /// <param name="worker">The number of the worker's name; -1 for none.</param>
    /// <param name="pid">Its process; 0 where that is not known.</param>
    /// <param name="time">When.</param>
    /// <returns>-1 for none, and where it can be that of several.</returns>
    public int Of(int worker, int pid, long time)
    {
        if (worker < 0)
        {
            return -1;
        }

        var lanes = lanesOf[worker];
        return lanes.Length == 1 ? numbers[lanes[0]]
            : laneOf.TryGetValue((worker, pid), out var lane) ? numbers[lane]
            : Nearest(lanes, time);
    }

    private int Nearest(ReportLane[] lanes, long time)
    {
        var nearest = lanes.MinBy(lane => lane.DistanceTo(time))!;
        return lanes.Count(lane => lane.DistanceTo(time) == 0) > 1 ? -1 : numbers[nearest];
    }

    private ReportLane[] Part(int number, WorkerLives worker)
    {
        var lanes = new List<ReportLane>();
        foreach (var life in worker.Processes)
        {
            var lane = lanes.Where(lane => lane.Latest.CanBeReplacedBy(life)).MaxBy(static lane => lane.Latest.Last);
            if (lane is null && (lanes.Count == 0 || room-- > 0))
            {
                lanes.Add(new ReportLane(worker.Name));
            }

            lane ??= lanes[^1];
            lane.Add(life);
            laneOf.Add((number, life.Pid), lane);
        }

        if (lanes.Count == 0)
        {
            lanes.Add(new ReportLane(worker.Name));
        }

        lanes.ForEach(lane => lane.IsOneOfSeveral = lanes.Count > 1);
        lanes[0].AddUnknown(worker.Unknown);
        return [.. lanes];
    }
}
