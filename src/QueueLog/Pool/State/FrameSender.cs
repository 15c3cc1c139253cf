namespace QueueLog.Pool.State;

/// <summary>Has processes sent what they should get, one frame after the other, and opens the workers that this takes. Used under the pool's lock.</summary>
/// <param name="workers">The pool's workers.</param>
/// <param name="allocator">Opens them.</param>
/// <param name="composer">Puts frames together.</param>
internal sealed class FrameSender(WorkerList workers, WorkerAllocator allocator, FrameComposer composer)
{
    private int lastSent;

    /// <summary>Sends whatever there is for any worker.</summary>
    public void SendAll(PoolRun? run, ref PoolActions actions)
    {
        // Items may have come back for which no worker is left: those that there is nothing to do for lose their processes.
        if (run is not null)
        {
            allocator.OpenFor(run, ref actions);
        }

        // From the worker on that was sent something last: when there is too little for all, it goes where the code is warm.
        var all = workers.All;
        var first = lastSent;
        for (var i = 0; i < all.Length; i++)
        {
            Send(all[(first + i) % all.Length], run, ref actions);
        }
    }

    /// <summary>Sends what there is for one worker; what is being sent to its process is followed by <see cref="ComposeNext"/>.</summary>
    public void Send(Worker worker, PoolRun? run, ref PoolActions actions)
    {
        if (worker.Process is { IsSending: false } process && ComposeNext(worker, process, run))
        {
            actions.Add(new SendFrames(worker, process));
        }

        if (run?.State.Scheduler.HasBegunGathering() == true)
        {
            actions.Add(new Watch());
        }
    }

    /// <summary>Composes what there is for a process to which nothing is being sent any more.</summary>
    /// <returns>False when there is nothing to send.</returns>
    public bool ComposeNext(Worker worker, ProcessState process, PoolRun? run)
    {
        var items = composer.Compose(worker, process, run);
        lastSent = items > 0 ? worker.Index : lastSent;
        return process.IsSending = items is not null;
    }
}
