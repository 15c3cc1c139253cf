using QueueLog.Pool.Scheduling;

namespace QueueLog.Pool.State;

/// <summary>Brings runs to their end: halts them, has workers give up what they hold, and closes a run when all of it is done and published. Used under the pool's lock.</summary>
/// <param name="workers">The pool's workers.</param>
/// <param name="allocator">Knows which of them live.</param>
/// <param name="sender">Sends them the requests.</param>
/// <param name="staysWarm">Whether the pool goes on after a run.</param>
internal sealed class RunCloser(WorkerList workers, WorkerAllocator allocator, FrameSender sender, bool staysWarm)
{
    /// <summary>Has events published; the run is not over before they are.</summary>
    public static void Publish(PoolRun current, IReadOnlyList<WorkEvent> events, ref PoolActions actions)
    {
        current.Pending++;
        actions.Add(new PublishEvents(current, events));
    }

    public static void PublishLost(PoolRun current, List<ItemEnd> ends, ref PoolActions actions) =>
        Publish(current, ends.ConvertAll(static end => (WorkEvent)new ItemLost(end)), ref actions);

    /// <summary>Begins no other items of a run, because somebody wants it so.</summary>
    public void Halt(PoolRun halted, HaltMode mode, ref PoolActions actions)
    {
        halted.State.Halt();
        halted.MarkHalted();
        Withdraw(halted, mode, ref actions);
        CloseIfDone(halted, ref actions);
    }

    /// <summary>Halts a run in which too many items have failed; asked after each change.</summary>
    public void HaltIfDue(PoolRun current, ref PoolActions actions)
    {
        if (!current.State.TryHalt())
        {
            return;
        }

        current.MarkHalted();
        var (failed, ended) = (current.State.Failed, current.State.Ended);
        actions.Add(new WriteLog(log => log.Halted($"{failed} of {ended} items failed")));
        Withdraw(current, current.Options.Halt.Mode, ref actions);
    }

    /// <summary>Ends a run that takes longer than it may.</summary>
    public void HaltIfTimedOut(PoolRun current, ref PoolActions actions)
    {
        if (!current.State.TryTimeOut())
        {
            return;
        }

        current.MarkHalted();
        actions.Add(new WriteLog(log => log.Halted($"it took longer than {current.Options.RunTimeout}")));
        Cancel(current, ref actions);
        CloseIfDone(current, ref actions);
    }

    /// <summary>Ends a run before its time: who reads it comes to its end, and its workers give it up.</summary>
    public void Close(PoolRun closed, RunFailure? failure, ref PoolActions actions)
    {
        if (closed.IsOver)
        {
            return;
        }

        closed.IsOver = true;
        if (failure is null)
        {
            ReportStop(closed, ref actions);
        }

        closed.State.Scheduler.Abandon();
        if (staysWarm)
        {
            Cancel(closed, ref actions);
        }

        // At once: a reader of results that waits for room here would hold up the end of its worker.
        actions.Add(new CloseRun(closed, failure, WasStopped: failure is null));
    }

    /// <summary>Tells which items are skipped, those of a halted run at its end, and closes a run of which nothing is left to be done or published.</summary>
    public void CloseIfDone(PoolRun current, ref PoolActions actions)
    {
        if (current.IsOver || current.Pending > 0 || (current.State.IsHalted && !current.State.Scheduler.IsDone))
        {
            return;
        }

        if (current.State.DequeueSkipped() is { } skipped)
        {
            Publish(current, [skipped], ref actions);
            return;
        }

        if (!current.State.Scheduler.IsDone)
        {
            return;
        }

        // A pool that ends with its run closes it when the last process is gone: it may still have lines to write.
        if (staysWarm)
        {
            current.IsOver = true;
            actions.Add(new CloseRun(current, null, WasStopped: false));
        }

        actions.Add(new EndRun());
    }

    /// <summary>Has the log say what a run that is stopped has done, and what not.</summary>
    public void ReportStop(PoolRun stopped, ref PoolActions actions)
    {
        if (stopped.State.Scheduler is { IsDone: false } scheduler)
        {
            var cut = PoolStatus.StatusOf(allocator.Living, scheduler, static _ => 0).Count(static worker => worker.State == WorkerState.Busy);
            var done = stopped.State.Ended;
            actions.Add(new WriteLog(log => log.Stopped(done, cut, scheduler.Added - done - cut)));
        }
    }

    /// <summary>Asks the workers for what they have not begun of a halted run, or for all of it.</summary>
    private void Withdraw(PoolRun halted, HaltMode mode, ref PoolActions actions)
    {
        if (mode == HaltMode.Now)
        {
            Cancel(halted, ref actions);
            return;
        }

        foreach (var worker in workers.All)
        {
            if (worker.Process is { Phase: ProcessPhase.Working } process && halted.State.Scheduler.HeldBy(worker.Index) > 0)
            {
                process.Withdraw();
                sender.Send(worker, halted, ref actions);
            }
        }
    }

    /// <summary>Asks the workers that hold something of a run to give it up.</summary>
    private void Cancel(PoolRun cancelled, ref PoolActions actions)
    {
        foreach (var worker in workers.All)
        {
            if (cancelled.State.Scheduler.HeldBy(worker.Index) > 0 && worker.Process is { Phase: ProcessPhase.Working } process)
            {
                // Before anybody can send the request: its acknowledgement may come at once.
                process.Process.ExpectAcknowledgement();
                process.Cancel(cancelled.Id);
                actions.Add(new AwaitCancellation(worker, process, cancelled.Id, cancelled.Options.Grace));

                // Nothing of a run that is over goes out any more.
                sender.Send(worker, cancelled.IsOver ? null : cancelled, ref actions);
            }
        }
    }
}
