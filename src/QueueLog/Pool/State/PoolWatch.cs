using System.Diagnostics;

namespace QueueLog.Pool.State;

/// <summary>What time brings to a run. Used under the pool's lock.</summary>
internal static class PoolWatch
{
    /// <summary>The longest pause between two looks.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks items to stop that take too long or that nobody wants any more, and has processes killed that do not stop theirs; each is named once.</summary>
    /// <returns>When to look again; null when nothing is to be looked after.</returns>
    public static TimeSpan? Look(PoolRun run, WorkerList workers, SharedProgress progress, ref PoolActions actions)
    {
        TimeSpan? next = null;
        if (run.Options.ItemTimeout is not null || run.State.HasGivenUp)
        {
            var timeout = run.Options.ItemTimeout ?? TimeSpan.MaxValue;
            next = Within(timeout / 10);
            foreach (var worker in workers.All)
            {
                LookAtItem(run, worker, progress, timeout, ref actions);
            }
        }

        if (run.State.UntilTimeout is { } left)
        {
            next = Sooner(next, Within(left));
        }

        // Not longer than the longest: another may come that is due sooner.
        return run.State.Scheduler.UntilDue() is { } due ? Sooner(next, Within(due)) : next;
    }

    /// <summary>The sooner of two pauses, of which the first may be none.</summary>
    public static TimeSpan Sooner(TimeSpan? pause, TimeSpan other) => pause < other ? pause.Value : other;

    private static TimeSpan Within(TimeSpan pause) => pause < Shortest ? Shortest : pause > Longest ? Longest : pause;

    private static void LookAtItem(PoolRun run, Worker worker, SharedProgress progress, TimeSpan timeout, ref PoolActions actions)
    {
        if (worker.Process is not { Phase: ProcessPhase.Working } process)
        {
            return;
        }

        // The count first: an item that begins in between is younger than it seems, never older.
        var begun = progress.Read(worker.Index);
        var start = progress.ReadStart(worker.Index);
        if (start == 0 || (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < timeout && !run.State.HasGivenUp))
        {
            return;
        }

        if (run.State.Scheduler.Running(worker.Index, begun - process.SentBefore) is not { } item)
        {
            return;
        }

        var over = run.State.GivenUpSince(item) is { } since ? Stopwatch.GetElapsedTime(Math.Max(since, start)) : elapsed - timeout;
        if (over < TimeSpan.Zero)
        {
            return;
        }

        if (!item.IsOverdue)
        {
            item.IsOverdue = true;
            process.Stop(item.Index);
        }
        else if (over > run.Options.Grace && progress.TryMarkForKill(worker.Index, begun))
        {
            process.Abandon();
            actions.Add(new KillProcess(worker, process, "it did not stop its item in time"));
        }
    }
}
