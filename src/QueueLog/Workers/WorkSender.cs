using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Workers;

/// <summary>Sends each worker what it should have next. At most one sender is at work for a process, so that frames keep their order.</summary>
/// <param name="gate">The pool's lock.</param>
/// <param name="slots">The pool's workers.</param>
/// <param name="staysWarm">Whether the pool outlives its runs.</param>
/// <param name="initialization">The frame that prepares every process; empty for none.</param>
/// <param name="mostItems">How many items a process runs in its life.</param>
internal sealed class WorkSender(object gate, SlotList slots, bool staysWarm, ReadOnlyMemory<byte> initialization, long mostItems)
{
    private const int KeepCapacity = 1024 * 1024;

    // Guarded by the lock.
    private readonly List<WorkItem> batch = [];
    private int lastSlot;

    /// <summary>The run whose items are sent; set under the lock.</summary>
    public PoolRun? Run { get; set; }

    public void SendToAll()
    {
        // From the worker on that was sent something last: when there is too little for all, it goes where the code is warm.
        var all = slots.All;
        var first = lastSlot;
        for (var i = 0; i < all.Length; i++)
        {
            SendTo(all[(first + i) % all.Length]);
        }
    }

    public void SendTo(WorkerSlot slot)
    {
        // Looked at without the lock first: a sender at work looks again before it leaves, a new worker is given work then.
        if (slot.Process is not { WantsFrames: true, IsSending: false })
        {
            return;
        }

        WorkerProcess worker;
        lock (gate)
        {
            if (slot.Process is not { WantsFrames: true, IsSending: false } process || !Compose(slot, process))
            {
                return;
            }

            process.IsSending = true;
            worker = process;
        }

        _ = SendLoopAsync(slot, worker);
    }

    /// <summary>Sends what has been composed, and whatever else has come together by then.</summary>
    private async Task SendLoopAsync(WorkerSlot slot, WorkerProcess worker)
    {
        try
        {
            do
            {
                await worker.SendAsync(worker.Outgoing.WrittenMemory).ConfigureAwait(false);
            }
            while (ComposeOrLeave(slot, worker));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The reader of the same pipe sees its end too, and counts the worker out.
        }
    }

    private bool ComposeOrLeave(WorkerSlot slot, WorkerProcess worker)
    {
        lock (gate)
        {
            return worker.IsSending = worker.WantsFrames && Compose(slot, worker);
        }
    }

    /// <summary>Puts together what a worker should get now.</summary>
    /// <returns>False when that is nothing.</returns>
    private bool Compose(WorkerSlot slot, WorkerProcess worker)
    {
        var writer = worker.Outgoing;
        writer.Clear(KeepCapacity);
        if (worker.MustCancel)
        {
            // By the same way as the items it is about, so that it cannot overtake them.
            worker.MustCancel = false;
            writer.EndFrame(writer.BeginFrame(FrameType.CancelRun));
            return true;
        }

        if (worker.MustWithdraw)
        {
            worker.MustWithdraw = false;
            writer.EndFrame(writer.BeginFrame(FrameType.Withdraw));
        }

        if (worker.MustStop >= 0)
        {
            var stop = writer.BeginFrame(FrameType.StopItem);
            WorkCodec.WriteStopItem(writer, worker.MustStop);
            writer.EndFrame(stop);
            worker.MustStop = -1;
        }

        if (!worker.IsPrepared)
        {
            worker.IsPrepared = true;
            writer.WriteBytes(initialization.Span);
        }

        if (Run is { IsOver: false })
        {
            ComposeWork(slot, worker, Run);
        }

        Retire(slot, worker);
        return writer.Length > 0;
    }

    /// <summary>Ends a process that has run as many items as it may, or is one too many, when it holds none any more.</summary>
    private void Retire(WorkerSlot slot, WorkerProcess worker)
    {
        worker.IsRetiring |= worker.Sent >= mostItems;
        if (worker is { IsRetiring: true, IsToldToEnd: false } && (Run is not { IsOver: false } || Run.State.Scheduler.HeldBy(slot.Index) == 0))
        {
            worker.IsToldToEnd = true;
            worker.Outgoing.EndFrame(worker.Outgoing.BeginFrame(FrameType.EndOfItems));
        }
    }

    private void ComposeWork(WorkerSlot slot, WorkerProcess worker, PoolRun run)
    {
        batch.Clear();
        var hasItems = run.State.Scheduler.TryTake(slot.Index, batch, worker.IsRetiring ? 0 : mostItems - worker.Sent);
        var writer = worker.Outgoing;

        // A cold worker loads the definition while its first item is still to come; a warm one is not woken for nothing.
        if (worker.DefinitionId != run.Id && (hasItems || !staysWarm))
        {
            worker.DefinitionId = run.Id;
            writer.WriteBytes(run.DefinitionFrame.Span);
        }

        if (!hasItems)
        {
            return;
        }

        lastSlot = slot.Index;
        worker.Sent += batch.Count;
        var frame = writer.BeginFrame(FrameType.Items);
        writer.WriteInt32(run.Id);
        foreach (var item in batch)
        {
            WorkCodec.WriteItem(writer, item);
        }

        writer.EndFrame(frame);
    }
}
