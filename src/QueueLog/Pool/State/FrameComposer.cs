using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Pool.State;

/// <summary>Puts together what a process should get next. Used under the pool's lock.</summary>
/// <param name="options">The pool's settings.</param>
internal sealed class FrameComposer(WorkerPoolOptions options)
{
    private readonly ReadOnlyMemory<byte> initialization = options.Initialization is { } first ? PoolRun.ToFrame(first) : default;
    private readonly List<WorkItem> batch = [];

    /// <summary>Puts together what a process should get now, in its <see cref="ProcessState.Outgoing"/>.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="process">Its process, to which nothing is being sent.</param>
    /// <param name="run">The present run; null for none.</param>
    /// <returns>How many items there are among it; null when there is nothing to send.</returns>
    public int? Compose(Worker worker, ProcessState process, PoolRun? run)
    {
        if (!process.CanReceive)
        {
            return null;
        }

        var outgoing = process.Outgoing;
        outgoing.Clear();
        process.ComposeRequests();
        var items = 0;
        if (process.Phase == ProcessPhase.Working)
        {
            if (!process.IsPrepared)
            {
                process.IsPrepared = true;
                outgoing.Add(initialization);
            }

            if (!worker.IsOpen && run?.State.Scheduler.HasOwn(worker.Index) != true)
            {
                process.Retire(heldItems: 0);
            }

            if (run is not null)
            {
                items = ComposeWork(worker, process, run);
            }

            EndIfDue(worker, process, run);
        }

        return outgoing.IsEmpty ? null : items;
    }

    private int ComposeWork(Worker worker, ProcessState process, PoolRun run)
    {
        batch.Clear();
        var most = process.Retirement == ProcessRetirement.None ? options.MaxItemsPerWorker - process.Sent : 0;
        var hasItems = run.State.Scheduler.TryDequeue(worker.Index, batch, most);
        var outgoing = process.Outgoing;

        // A cold worker loads the definition while its first item is still to come; a warm one is not woken for nothing.
        if (process.DefinitionId != run.Id && (hasItems || !options.StaysWarm))
        {
            process.DefinitionId = run.Id;
            outgoing.Add(run.DefinitionFrame);
        }

        if (!hasItems)
        {
            return 0;
        }

        process.Sent += batch.Count;
        outgoing.Add(run.Id, batch);
        return batch.Count;
    }

    /// <summary>Ends a process that has run as many items as it may, or is one too many, when it holds none any more.</summary>
    private void EndIfDue(Worker worker, ProcessState process, PoolRun? run)
    {
        if (process.Sent >= options.MaxItemsPerWorker)
        {
            process.Retire(heldItems: 0);
        }

        if (process.Retirement == ProcessRetirement.Retiring && (run is null || run.State.Scheduler.HeldBy(worker.Index) == 0))
        {
            process.RequestEnd();
        }
    }
}
