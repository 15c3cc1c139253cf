using System.Collections.Concurrent;
using QueueLog.Diagnostics;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Queue.History;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Queue.Hosts;

/// <summary>Takes chunks of a run as there is room for them: pulls, claims several at once, and hands their items to the host's pool.</summary>
internal sealed class ChunkTaker(IQueueRun run, HostOptions options, HostSlots slots, ConcurrentDictionary<string, bool> chunks, ChunkReports reports, (WorkerPool Pool, IItemRun Run) local, Func<string> submitter, string incarnation, CancellationToken aborting)
{
    private static readonly TimeSpan PullWait = TimeSpan.FromSeconds(5);

    /// <summary>Takes chunks until it is told to end, or the run is gone; then waits for the claims under way.</summary>
    public async Task TakeAsync(CancellationToken pulling)
    {
        var accepting = new List<Task>();
        var pause = default(RetryPause);
        while (!pulling.IsCancellationRequested && !local.Run.Events.Completion.IsCompleted)
        {
            try
            {
                await slots.WaitForRoomAsync(pulling).ConfigureAwait(false);
                await foreach (var delivery in run.PullWorkAsync(Math.Max(1, slots.Room), PullWait, pulling).ConfigureAwait(false))
                {
                    accepting.RemoveAll(static task => task.IsCompleted);
                    accepting.Add(AcceptAsync(delivery));
                }

                pause = default;
            }
            catch (OperationCanceledException)
            {
            }
            catch (QueueException e) when (e.Fault == QueueFault.Gone)
            {
                break;
            }
            catch (QueueException)
            {
                await Task.WhenAny(Task.Delay(pause.Next(), pulling)).ConfigureAwait(false);
            }
        }

        await Task.WhenAll(accepting).ConfigureAwait(false);
    }

    private async Task AcceptAsync(IWorkDelivery delivery)
    {
        try
        {
            // Neither nonsense, nor of a submitter whose chunks another one has taken back, nor here already since an acknowledgement was lost.
            if (Decode(delivery) is { } work && work.Submitter == submitter() && chunks.TryAdd(delivery.Chunk, true))
            {
                // What is in a blob is one: no others go with it.
                if (await slots.TakeAsync(Math.Max(1, work.Items.Length), aborting).ConfigureAwait(false) is not { } slot)
                {
                    chunks.TryRemove(delivery.Chunk, out _);
                    await delivery.ReturnAsync(HostRule.ReturnDelay, aborting).ConfigureAwait(false);
                    return;
                }

                await BeginAsync(delivery.Chunk, work, slot).ConfigureAwait(false);
            }

            // What is claimed is in the history, and that is what counts from here on.
            await delivery.AcknowledgeAsync(aborting).ConfigureAwait(false);
        }
        catch (Exception e) when (e is QueueException or OperationCanceledException)
        {
            // What was not acknowledged comes again, and is then known by its history.
        }
    }

    private async Task BeginAsync(string chunk, WorkMessage work, TakenSlot slot)
    {
        var writer = new HistoryWriter(run, chunk, HistoryWriter.NewClaim(options.Name, incarnation));
        var isClaimed = false;
        try
        {
            isClaimed = await writer.TryClaimAsync(work.Offer, aborting).ConfigureAwait(false);
        }
        finally
        {
            if (!isClaimed)
            {
                slots.Release(slot, wasUsed: false);
                chunks.TryRemove(chunk, out _);
            }
        }

        if (!isClaimed)
        {
            return;
        }

        var items = work.Blob.Length > 0 ? await LoadAsync(work.Blob).ConfigureAwait(false) : work.Items;
        HeldChunk? held = null;
        var report = new ChunkReport(writer, () => GiveUp(held!), aborting);
        held = new HeldChunk(report, [.. items.Select(static item => new WorkItem(item.Index, null, item.Payload) { Attempt = item.Attempt })], slot);
        reports.Add(held);
        foreach (var item in held.Items)
        {
            local.Run.Add(item);
        }
    }

    // Items that cannot be had go back without having been begun.
    private async Task<ChunkItem[]> LoadAsync(string blob)
    {
        try
        {
            var content = await QueueCall.RepeatAsync(() => run.GetBlobAsync(blob, QueueCall.MaxBlob, aborting), aborting).ConfigureAwait(false);
            return content is null ? [] : WorkMessage.DecodeItems(content);
        }
        catch (Exception e) when (e is InvalidDataException or ProtocolException)
        {
            options.Failures.Report($"run {run.Name}", FailureSeverity.Permanent, $"The items of a chunk cannot be read: {e.Message}", e);
            return [];
        }
    }

    private static WorkMessage? Decode(IWorkDelivery delivery)
    {
        try
        {
            return WorkMessage.Decode(delivery.Payload.Span);
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    private void GiveUp(HeldChunk chunk)
    {
        if (!aborting.IsCancellationRequested)
        {
            options.Failures.Report($"run {run.Name}", FailureSeverity.Permanent, $"Chunk {chunk.Report.Name} was given up while it ran here: the submitter took this host for lost. Its items are stopped, and what comes of them does not count.");
        }

        local.Pool.GiveUp(local.Run, chunk.Items.ToHashSet());
    }
}
