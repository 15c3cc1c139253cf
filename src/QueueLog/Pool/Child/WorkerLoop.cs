using System.Diagnostics;
using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Pool.Child;

/// <summary>The worker's side of a pool: takes definitions and items, which the runner asks for, and tells the pool what became of them.</summary>
internal sealed class WorkerLoop(PoolConnection pool, WorkQueue queue, PoolReader reader, PoolOrders orders, WorkerExit exit)
{
    private const long NoItem = -1;

    private readonly ResultBatcher batcher = pool.Batcher;
    private readonly SharedProgress progress = pool.Progress;
    private readonly int workerIndex = pool.Worker.Index;
    private readonly ItemClaim claim = orders.Claim;

    // Used by the main thread only.
    private long begun;
    private long startedAt;
    private long startedUtcTicks;
    private int loadedRun = -1;
    private bool wasReady;
    private TimeSpan grace;

    /// <summary>The worker's name: <c>Worker-1</c> and so on.</summary>
    public string Name => pool.Worker.Name;

    /// <summary>0-based index of the item under way, or -1.</summary>
    public long Item { get; private set; } = NoItem;

    /// <summary>What fails an item of the present definition.</summary>
    public FailOn FailOn { get; private set; }

    /// <summary>What the worker itself has to say in the log.</summary>
    public WorkerLog Log { get; } = new();

    /// <summary>Whether the present run is to be given up.</summary>
    public bool IsCancelled => queue.IsCancelled;

    /// <summary>Whether the item under way was stopped because the pool asked for that.</summary>
    public bool IsItemStopped => claim.IsClaimed;

    /// <summary>Works until the pool has no more use for this process. Its engine ends it then, or this does when that takes too long.</summary>
    public void Run(IWorkRunner runner)
    {
        ProcessContext.Identity = new ProcessIdentity(Name, Name);
        ProcessContext.HandedOver = pool.Records.Note;
        orders.Begin(runner);
        pool.Greet();
        runner.Run();
        if (Item >= 0)
        {
            Log.ItemGivenUp(Item);
            Item = NoItem;
            ProcessContext.Item = ItemContext.None;
        }

        exit.BeginEnd(grace);
        runner.End();
        batcher.Flush();
    }

    /// <summary>Ends the process, with everything said before on its way.</summary>
    public void Exit(int code) => exit.Exit(code);

    /// <summary>Waits for what comes next.</summary>
    public WorkKind Wait()
    {
        if (queue.Next is { } next)
        {
            return next;
        }

        reader.ReadWhileIdle();
        return queue.Wait();
    }

    public WorkDefinition DequeueDefinition()
    {
        var definition = queue.DequeueDefinition();
        loadedRun = -1;
        FailOn = definition.FailOn;

        // What prepared the process needs its time at the end, whatever a later call gives its items.
        grace = definition.Grace > grace ? definition.Grace : grace;
        Log.Begin(definition);
        return definition;
    }

    /// <summary>Runs the items of a definition from now on; the pool is told the first time, for then it knows that this process is sound.</summary>
    public void Ready(int id)
    {
        loadedRun = id;
        Log.FindListener();
        if (!wasReady)
        {
            wasReady = true;
            pool.SendReady(id, "", "");
        }
    }

    /// <summary>Tells the pool that a definition cannot be loaded; its items will be passed over.</summary>
    public void NotReady(int id, PreparationFailure failure) => pool.SendReady(id, failure.ErrorId, failure.Message);

    /// <summary>Takes the next item and takes note, where no death of this process can wipe it out, that it has begun.</summary>
    /// <returns>False for an item whose definition could not be loaded.</returns>
    public bool TryDequeueItem(out ReadOnlySpan<byte> value)
    {
        value = queue.DequeueItem(out var index, out var attempt, out var run);
        startedAt = Stopwatch.GetTimestamp();
        if (!progress.TryBegin(workerIndex, ++begun, startedAt))
        {
            AwaitKill();
        }

        if (run != loadedRun)
        {
            progress.End(workerIndex);
            return false;
        }

        startedUtcTicks = DateTime.UtcNow.Ticks;
        Item = index;
        claim.Begin(index);
        ProcessContext.Item = new ItemContext(index, attempt);
        Log.ItemStarted(index);
        return true;
    }

    /// <summary>The bytes of the item that was taken are not needed any more.</summary>
    public void ReleaseItem() => queue.ReleaseItem();

    /// <summary>Adds what the item under way, or the initialization, has to say.</summary>
    public void Report(WorkEntryKind kind, ReadOnlySpan<byte> body) => batcher.Append(kind, Item, body);

    /// <summary>Ends the item under way.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="exitCode">The last exit code of a program that it ran; null for none.</param>
    /// <returns>False when it was claimed for a stop: that stop may still hit whatever runs on in the same pipeline.</returns>
    public bool EndItem(ItemOutcome outcome, int? exitCode)
    {
        if (Item < 0)
        {
            return true;
        }

        var isUnclaimed = claim.TryEnd(Item);
        progress.End(workerIndex);

        // Before the pool hears of it: when the run is over, this is in the log.
        Log.ItemEnded(Item, startedAt, outcome);
        batcher.AppendEnd(Item, outcome, startedAt, startedUtcTicks, exitCode, queue.HasMore);
        Item = NoItem;
        ProcessContext.Item = ItemContext.None;
        return isUnclaimed;
    }

    /// <summary>Gives back the items that are not begun.</summary>
    public void GiveBack()
    {
        foreach (var index in queue.DequeueWithdrawn())
        {
            // Counted as begun and ended at once, so that pool and worker count alike.
            Count(1);
            batcher.AppendEnd(index, ItemOutcome.NotBegun, 0, 0, exitCode: null, moreToCome: true);
        }

        batcher.Flush();
    }

    /// <summary>Gives up the item under way and all that were sent with it, and tells the pool when nothing more of them will come.</summary>
    public void ConfirmCancellation()
    {
        if (Item >= 0)
        {
            Log.ItemGivenUp(Item);
        }

        Item = NoItem;
        ProcessContext.Item = ItemContext.None;
        claim.Discard();
        progress.End(workerIndex);
        Count(queue.DiscardCancelled());
        pool.Send(FrameType.RunCancelled);
    }

    private void Count(int items)
    {
        if (!progress.TryCount(workerIndex, begun, begun + items))
        {
            AwaitKill();
        }

        begun += items;
    }

    // The pool found the last item overdue at the moment it ended, and will kill this process.
    private static void AwaitKill() => Thread.Sleep(Timeout.Infinite);
}
