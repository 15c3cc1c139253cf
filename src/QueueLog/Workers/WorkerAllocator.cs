namespace QueueLog.Workers;

/// <summary>Which places of a pool have a process, or are to have one. Used under the pool's lock.</summary>
/// <param name="slots">The pool's workers.</param>
/// <param name="owner">Who starts processes.</param>
/// <param name="count">How many workers there may be at first.</param>
internal sealed class WorkerAllocator(SlotList slots, IPoolOwner owner, int count)
{
    private int openCount;

    /// <summary>How many workers there may be.</summary>
    public int Target { get; private set; } = count;

    /// <summary>The workers that may be, and those of former ones whose processes still live.</summary>
    public WorkerSlot[] Living => Array.FindAll(slots.All, slot => slot.Index < Target || slot.Process is { Exited.IsCompleted: false });

    /// <summary>Has a place filled from now on, as long as there is work for it.</summary>
    public void Open(WorkerSlot slot)
    {
        if (!slot.IsOpen)
        {
            slot.IsOpen = true;
            openCount++;
            owner.Fill(slot);
        }
    }

    /// <summary>Opens places when there is work that neither an idle worker nor one that is starting could take.</summary>
    /// <param name="run">The work.</param>
    /// <param name="worker">The number of the one that must take it, or -1.</param>
    public void OpenFor(PoolRun run, int worker)
    {
        if (worker >= 0)
        {
            Open(slots.All[worker]);
            return;
        }

        if (openCount >= Target)
        {
            return;
        }

        var scheduler = run.State.Scheduler;
        var all = slots.All;
        var free = 0;
        foreach (var slot in all)
        {
            free += slot.IsOpen && scheduler.HeldBy(slot.Index) == 0 ? 1 : 0;
        }

        for (var i = 0; i < Target && free < scheduler.Queued; i++)
        {
            if (!all[i].IsOpen)
            {
                Open(all[i]);
                free++;
            }
        }
    }

    /// <summary>Whether a place is to have a process now; one that is not is closed.</summary>
    public bool IsNeeded(WorkerSlot slot, PoolRun? run)
    {
        if (slot.IsOpen && (run is null || run.State.Scheduler.Needs(slot.Index)))
        {
            return true;
        }

        Close(slot);
        return false;
    }

    /// <summary>Changes how many workers there may be.</summary>
    /// <param name="count">So many.</param>
    /// <param name="fillsAll">Whether new places are filled although there is no work for them.</param>
    /// <param name="run">The present run; null for none.</param>
    public void Resize(int count, bool fillsAll, PoolRun? run)
    {
        Target = count;
        slots.Grow(count);
        run?.State.Scheduler.Grow(count);
        foreach (var slot in slots.All)
        {
            if (slot.Index < count)
            {
                if (fillsAll)
                {
                    Open(slot);
                }
            }
            else if (slot.IsOpen)
            {
                Close(slot);
                slot.Process?.Retire(run?.State.Scheduler.HeldBy(slot.Index) ?? 0);
            }
        }

        if (run is not null)
        {
            OpenFor(run, -1);
        }
    }

    private void Close(WorkerSlot slot)
    {
        openCount -= slot.IsOpen ? 1 : 0;
        slot.IsOpen = false;
    }
}
