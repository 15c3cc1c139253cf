using System.Runtime.InteropServices;

namespace QueueLog.Reporting;

/// <summary>The processes that bore a worker's name, of whichever pool.</summary>
internal sealed class WorkerLives(string name)
{
    // A worker that dies at each item has as many processes as items.
    private const int MostProcesses = 2000;

    private readonly Dictionary<int, WorkerLife> processes = [];

    public string Name => name;

    public IEnumerable<WorkerLife> Processes => processes.Values.OrderBy(static life => life.Begin);

    /// <summary>Stands for what shows no process, and for processes too many.</summary>
    public WorkerLife Unknown { get; } = new(0);

    /// <summary>The life of a process.</summary>
    /// <param name="pid">Its id; 0 where that is not known.</param>
    public WorkerLife Of(int pid)
    {
        if (pid <= 0 || (processes.Count == MostProcesses && !processes.ContainsKey(pid)))
        {
            return Unknown;
        }

        ref var life = ref CollectionsMarshal.GetValueRefOrAddDefault(processes, pid, out _);
        return life ??= new WorkerLife(pid);
    }
}
