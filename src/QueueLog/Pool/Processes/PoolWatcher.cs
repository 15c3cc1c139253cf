using QueueLog.Pool.State;

namespace QueueLog.Pool.Processes;

/// <summary>Looks at a pool as time goes by, as long as there is something to look after: items that take too long or are to be tried again, memory that grows.</summary>
internal sealed class PoolWatcher(WorkerPool pool)
{
    private int watching;

    /// <summary>There is something to be looked after. Called by any thread.</summary>
    public void Watch()
    {
        if (pool.State.IsToBeWatched && Interlocked.Exchange(ref watching, 1) == 0)
        {
            _ = Task.Run(WatchAsync);
        }
    }

    // Ends when there is nothing to look after; whatever begins something of that kind calls for it again.
    private async Task WatchAsync()
    {
        while (!pool.IsEnding)
        {
            if (Look() is not { } pause)
            {
                Volatile.Write(ref watching, 0);

                // Called for in between, perhaps, and taken for being at it.
                if (Look() is null || Interlocked.Exchange(ref watching, 1) != 0)
                {
                    return;
                }

                continue;
            }

            await Task.WhenAny(Task.Delay(pause, pool.Options.Time, pool.Acceptor.Closing)).ConfigureAwait(false);
        }
    }

    private TimeSpan? Look()
    {
        if (pool.Options.MaxWorkerMemory < long.MaxValue)
        {
            foreach (var (worker, process, phase) in pool.State.Processes())
            {
                if (phase == ProcessPhase.Working)
                {
                    pool.Executor.Perform(pool.State.MemoryMeasured(worker, process, process.OsProcess.Memory));
                }
            }
        }

        var pause = pool.State.Look(pool.Progress, out var actions);
        pool.Executor.Perform(actions);
        return pause;
    }
}
