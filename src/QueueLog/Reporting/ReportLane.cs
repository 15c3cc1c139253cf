namespace QueueLog.Reporting;

/// <summary>A worker: its processes, one after the other, and what they did.</summary>
internal sealed class ReportLane(string name)
{
    // A worker that dies at each item has as many processes as items.
    private const int MostProcesses = 2000;

    private readonly Dictionary<int, WorkerLife> processes = [];

    public string Name => name;

    public IEnumerable<WorkerLife> Processes => processes.Values.OrderBy(life => life.Born ?? life.First);

    /// <summary>How many processes it had.</summary>
    public int ProcessCount => processes.Count;

    public long Items { get; set; }

    public long Failures { get; set; }

    /// <summary>Ticks.</summary>
    public long Busy { get; set; }

    /// <summary>Notes that a process was alive.</summary>
    public WorkerLife See(int pid, long time)
    {
        if (!processes.TryGetValue(pid, out var life))
        {
            life = new WorkerLife(pid);
            if (processes.Count < MostProcesses)
            {
                processes.Add(pid, life);
            }
        }

        life.First = Math.Min(life.First, time);
        life.Last = Math.Max(life.Last, time);
        return life;
    }
}

/// <summary>The life of a worker's process, as far as the files tell of it, in UTC ticks.</summary>
internal sealed class WorkerLife(int pid)
{
    public int Pid => pid;

    /// <summary>When it was started; null where the log does not say.</summary>
    public long? Born { get; set; }

    /// <summary>The first that is seen of it.</summary>
    public long First { get; set; } = long.MaxValue;

    public long Last { get; set; } = long.MinValue;

    /// <summary>When it ended; null where the log does not say.</summary>
    public long? Died { get; set; }

    /// <summary>How it ended.</summary>
    public string End { get; set; } = "";
}
