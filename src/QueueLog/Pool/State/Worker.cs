using System.Diagnostics;
using QueueLog.Records;

namespace QueueLog.Pool.State;

/// <summary>One of a pool's workers, by its number; its processes come and go. Guarded by the pool's lock.</summary>
internal sealed class Worker(int index)
{
    /// <summary>0-based number.</summary>
    public int Index { get; } = index;

    public string Name { get; } = $"Worker-{index + 1}";

    /// <summary>Its process, or the last one; null before the first.</summary>
    public ProcessState? Process { get; set; }

    /// <summary>Whether it is to have a process: there was work for it, and it is not one too many.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Processes in a row that died before they were ready.</summary>
    public int Failures { get; set; }

    /// <summary>Items its processes have ended.</summary>
    public long ItemsDone { get; set; }

    public int Pid => Process?.Process.Pid ?? 0;

    /// <param name="current">The input of its item.</param>
    /// <param name="isBusy">Whether it has one.</param>
    /// <param name="itemStart">Tells when a worker began its item, in ticks of the monotonic clock; 0 for not.</param>
    public WorkerStatus ToStatus(WorkItem? current, Func<int, long> itemStart)
    {
        var state = StateOf(current is not null);
        return new WorkerStatus
        {
            Name = Name,
            Pid = Pid,
            Started = Process?.Process.Started ?? default,
            ItemsDone = ItemsDone,
            CurrentItem = current?.Input,
            ItemIndex = current?.Index,
            State = state,
            ItemStarted = state == WorkerState.Busy && itemStart(Index) is var start and not 0 ? DateTimeOffset.Now - Stopwatch.GetElapsedTime(start) : null,
        };
    }

    private WorkerState StateOf(bool isBusy) =>
        Process is not { Process.HasExited: false } ? WorkerState.Ended
        : Process is not { Phase: ProcessPhase.Working, WasReady: true } ? WorkerState.Starting
        : isBusy ? WorkerState.Busy : WorkerState.Idle;
}
