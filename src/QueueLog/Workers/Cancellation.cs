using QueueLog.Scheduling;

namespace QueueLog.Workers;

/// <summary>Has workers give up a run, or what they have not begun of it.</summary>
/// <param name="gate">The pool's lock.</param>
/// <param name="slots">The pool's workers.</param>
/// <param name="sender">Sends the requests.</param>
/// <param name="log">Where the pool tells of it.</param>
/// <param name="options">How long a worker has to acknowledge that it is to give up, and then to do so.</param>
internal sealed class Cancellation(object gate, SlotList slots, WorkSender sender, PoolLog log, WorkerPoolOptions options)
{
    /// <summary>Halts a run in which too many items have failed. Called under the pool's lock, after each change.</summary>
    /// <returns>The workers to <see cref="Send"/> the request to, without the lock.</returns>
    public List<WorkerSlot> HaltIfDue(PoolRun run)
    {
        if (!run.State.TakeHalt())
        {
            return [];
        }

        run.MarkHalted();
        log.Halted($"{run.State.Failed} of {run.State.Ended} items failed");
        if (run.Options.Halt.Mode == HaltMode.Now)
        {
            return Cancel(run);
        }

        foreach (var slot in slots.All)
        {
            if (slot.Process is { IsUp: true } process && run.State.Scheduler.HeldBy(slot.Index) > 0)
            {
                process.MustWithdraw = true;
            }
        }

        return [];
    }

    /// <summary>Marks the workers that hold something of a run. Called under the pool's lock.</summary>
    /// <returns>As above.</returns>
    public List<WorkerSlot> Cancel(PoolRun run)
    {
        var held = new List<WorkerSlot>();
        foreach (var slot in slots.All)
        {
            if (run.State.Scheduler.HeldBy(slot.Index) > 0 && slot.Process is { IsUp: true } process)
            {
                process.IsUp = false;
                process.CancelledRun = run.Id;
                process.MustCancel = true;
                process.ExpectAcknowledgement();
                held.Add(slot);
            }
        }

        return held;
    }

    /// <summary>Asks them.</summary>
    public void Send(List<WorkerSlot> held)
    {
        foreach (var slot in held)
        {
            _ = WaitForItAsync(slot, slot.Process!, slot.Process!.CancelledRun);
            sender.SendTo(slot);
        }
    }

    /// <summary>Gives a worker time to give up a run; code that does not stop is ended with its process, and another takes its place.</summary>
    private async Task WaitForItAsync(WorkerSlot slot, WorkerProcess process, int run)
    {
        // A process that is slow to hear of it is not one whose code does not stop.
        await process.AcknowledgedAsync(options.AcknowledgeTimeout).ConfigureAwait(false);
        await Task.Delay(options.StopTimeout).ConfigureAwait(false);
        lock (gate)
        {
            // From here on its confirmation comes too late: it gets no work that would go down with it.
            process.IsGivenUp |= process.IsCancelling && process.CancelledRun == run;
        }

        if (process.IsGivenUp)
        {
            log.WorkerKilled(slot.Name, process.Pid, "it did not give up its item");
            process.Kill();
        }
    }
}
