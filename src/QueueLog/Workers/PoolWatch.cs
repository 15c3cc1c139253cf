using System.Diagnostics;

namespace QueueLog.Workers;

/// <summary>What time brings to a run.</summary>
internal static class PoolWatch
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether there is anything to look after. Called under the pool's lock.</summary>
    public static bool IsNeeded(PoolRun run, WorkerPoolOptions options) =>
        run.Options.ItemTimeout is not null || options.MaxWorkerMemory < long.MaxValue || run.State.Scheduler.Delayed > 0;

    /// <summary>Marks what is due. Called under the pool's lock.</summary>
    /// <param name="run">The run.</param>
    /// <param name="slots">The workers.</param>
    /// <param name="progress">What each is at.</param>
    /// <param name="options">The pool's settings.</param>
    /// <param name="overdue">Takes the workers whose processes are to be killed; each is named once.</param>
    /// <returns>When to look again; null when nothing is to be looked after.</returns>
    public static TimeSpan? Look(PoolRun run, SlotList slots, SharedProgress progress, WorkerPoolOptions options, List<(string Worker, WorkerProcess Process)> overdue)
    {
        TimeSpan? next = null;
        if (run.Options.ItemTimeout is { } timeout)
        {
            next = timeout / 10 < Shortest ? Shortest : timeout / 10 > Longest ? Longest : timeout / 10;
            foreach (var slot in slots.All)
            {
                LookAtItem(run, slot, progress, timeout, overdue);
            }
        }

        if (options.MaxWorkerMemory < long.MaxValue)
        {
            next = next is { } sooner && sooner < Longest ? sooner : Longest;
            foreach (var slot in slots.All)
            {
                LookAtMemory(run, slot, options.MaxWorkerMemory);
            }
        }

        if (run.State.Scheduler.UntilDue() is { } due)
        {
            // Not longer than that: another may come that is due sooner.
            due = due < Shortest ? Shortest : due > Longest ? Longest : due;
            next = next is { } sooner && sooner < due ? sooner : due;
        }

        return next;
    }

    private static void LookAtItem(PoolRun run, WorkerSlot slot, SharedProgress progress, TimeSpan timeout, List<(string Worker, WorkerProcess Process)> overdue)
    {
        if (slot.Process is not { IsUp: true } process)
        {
            return;
        }

        // The count first: an item that begins in between is younger than it seems, never older.
        var begun = progress.Read(slot.Index);
        var start = progress.ReadStart(slot.Index);
        if (start == 0 || Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < timeout)
        {
            return;
        }

        if (run.State.Scheduler.Running(slot.Index, begun - process.SentBefore) is not { } item)
        {
            return;
        }

        if (!item.IsOverdue)
        {
            item.IsOverdue = true;
            process.MustStop = item.Index;
        }
        else if (elapsed > timeout + run.Options.Grace && progress.TryMarkForKill(slot.Index, begun))
        {
            overdue.Add((slot.Name, process));
        }
    }

    private static void LookAtMemory(PoolRun run, WorkerSlot slot, long most)
    {
        if (slot.Process is not { IsUp: true, WasReady: true, IsRetiring: false } process)
        {
            return;
        }

        var memory = process.Memory;
        if (process.FirstMemory == 0)
        {
            process.FirstMemory = memory;
        }
        else if (memory - process.FirstMemory > most)
        {
            process.Retire(run.State.Scheduler.HeldBy(slot.Index));
        }
    }
}
