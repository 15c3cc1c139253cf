using QueueLog.Records;

namespace QueueLog.Workers;

/// <summary>The place of one worker in a pool; its processes come and go. Guarded by the pool's lock.</summary>
internal sealed class WorkerSlot(int index)
{
    public int Index { get; } = index;

    public string Name { get; } = $"Worker-{index + 1}";

    public WorkerProcess? Process { get; set; }

    /// <summary>Completes when no process will follow.</summary>
    public Task Supervision { get; set; } = Task.CompletedTask;

    /// <summary>What its process said last; null before its first one.</summary>
    public LastRecords? Records { get; set; }

    /// <summary>Whether it is to have a process: there was work for it, and it is not one too many.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Processes in a row that died before they were ready.</summary>
    public int Failures { get; set; }

    /// <summary>Items its processes have ended.</summary>
    public long ItemsDone { get; set; }

    public WorkerStatus ToStatus(object? current, bool isBusy) => new()
    {
        Name = Name,
        Pid = Process?.Pid ?? 0,
        Started = Process?.Started ?? default,
        ItemsDone = ItemsDone,
        CurrentItem = current,
        State = Process is null || Process.Exited.IsCompleted ? WorkerState.Ended : Process is not { IsUp: true, WasReady: true } ? WorkerState.Starting : isBusy ? WorkerState.Busy : WorkerState.Idle,
    };
}
