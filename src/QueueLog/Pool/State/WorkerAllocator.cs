namespace QueueLog.Pool.State;

/// <summary>Which workers of a pool have a process, or are to have one. Used under the pool's lock.</summary>
/// <param name="workers">The pool's workers.</param>
/// <param name="count">How many there may be at first.</param>
internal sealed class WorkerAllocator(WorkerList workers, int count)
{
    private int openCount;

    /// <summary>How many workers there may be.</summary>
    public int Target { get; private set; } = count;

    /// <summary>The workers that may be, and those of former ones whose processes still live.</summary>
    public Worker[] Living => Array.FindAll(workers.All, worker => worker.Index < Target || worker.Process is { Process.HasExited: false });

    /// <summary>Has a worker have processes from now on, as long as there is work for it.</summary>
    public void Open(Worker worker, ref PoolActions actions)
    {
        if (!worker.IsOpen)
        {
            worker.IsOpen = true;
            openCount++;
            actions.Add(new StartWorker(worker));
        }
    }

    /// <summary>Opens workers when there is work that neither an idle one nor one that is starting could take.</summary>
    public void OpenFor(PoolRun run, ref PoolActions actions)
    {
        if (openCount >= Target)
        {
            return;
        }

        var scheduler = run.State.Scheduler;
        var all = workers.All;
        var free = 0;
        foreach (var worker in all)
        {
            free += worker.IsOpen && scheduler.HeldBy(worker.Index) == 0 ? 1 : 0;
        }

        for (var i = 0; i < Target && free < scheduler.Shared; i++)
        {
            if (!all[i].IsOpen)
            {
                Open(all[i], ref actions);
                free++;
            }
        }
    }

    /// <summary>Whether a worker is to have a process now; one that is not is closed.</summary>
    public bool IsNeeded(Worker worker, PoolRun? run)
    {
        // Also one too many runs what no other may run.
        if (run is null ? worker.IsOpen : worker.IsOpen ? run.State.Scheduler.Needs(worker.Index) : run.State.Scheduler.HasOwn(worker.Index))
        {
            return true;
        }

        Close(worker);
        return false;
    }

    /// <summary>Changes how many workers there may be.</summary>
    /// <param name="target">So many.</param>
    /// <param name="opensAll">Whether new ones are opened although there is no work for them.</param>
    /// <param name="run">The present run; null for none.</param>
    /// <param name="actions">Takes what is to be done.</param>
    public void Resize(int target, bool opensAll, PoolRun? run, ref PoolActions actions)
    {
        Target = target;
        workers.Grow(target);
        run?.State.Scheduler.Grow(target);
        foreach (var worker in workers.All)
        {
            if (worker.Index < target)
            {
                if (opensAll)
                {
                    Open(worker, ref actions);
                }
            }
            else if (worker.IsOpen)
            {
                Close(worker);
                if (run is null || !run.State.Scheduler.HasOwn(worker.Index))
                {
                    worker.Process?.Retire(run?.State.Scheduler.HeldBy(worker.Index) ?? 0);
                }
            }
        }
    }

    private void Close(Worker worker)
    {
        openCount -= worker.IsOpen ? 1 : 0;
        worker.IsOpen = false;
    }
}
