using QueueLog.Diagnostics;
using QueueLog.Queue.History;

namespace QueueLog.Queue.Submission;

/// <summary>Offers chunks and publishes them, several at once, as long as there is work that may be offered.</summary>
/// <param name="run">The run.</param>
/// <param name="lease">Says whether the run is this submitter's.</param>
/// <param name="submitter">This life of the submitter.</param>
/// <param name="dequeue">Takes the items of the next chunk; none where there is none.</param>
/// <param name="own">Told of each offer, before the chunk is published.</param>
/// <param name="told">Told of each fault of the server that is waited out.</param>
internal sealed class ChunkPublisher(
    IQueueRun run,
    SubmitterLease lease,
    string submitter,
    Func<List<QueueItem>> dequeue,
    Action<string, long, ChunkOffer, WorkMessage> own,
    Action<QueueException> told)
{
    private const int AtOnce = 8;

    private readonly WakeSignal signal = new();
    private readonly SemaphoreSlim room = new(AtOnce);
    private int count;

    /// <summary>There may be something to publish.</summary>
    public void Signal() => signal.Set();

    /// <summary>Publishes until it is told to end.</summary>
    /// <exception cref="QueueException">The server does not take it, and asking again does not help.</exception>
    public async Task PublishLoopAsync(CancellationToken cancellation)
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            await room.WaitAsync(cancellation).ConfigureAwait(false);
            var chunk = dequeue();
            if (chunk.Count > 0)
            {
                _ = PublishOneAsync($"{submitter}-{count++}", chunk, failed, cancellation);
                continue;
            }

            room.Release();
            await (await Task.WhenAny(signal.WaitAsync(cancellation), failed.Task).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    /// <summary>Publishes a chunk once more, of which the server has lost the work.</summary>
    public Task PublishAgainAsync(string name, WorkMessage work, int times, CancellationToken cancellation) =>
        QueueCall.RepeatAsync(() => run.PublishWorkAsync(name, work.Encode(), $"{name}/{times}", cancellation), cancellation, told);

    private async Task PublishOneAsync(string name, List<QueueItem> items, TaskCompletionSource failed, CancellationToken cancellation)
    {
        try
        {
            await PublishAsync(name, items, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            failed.TrySetException(e);
        }
        finally
        {
            room.Release();
        }
    }

    private async Task PublishAsync(string name, List<QueueItem> items, CancellationToken cancellation)
    {
        await lease.EnsureAsync(cancellation).ConfigureAwait(false);
        ChunkItem[] content = [.. items.Select(static item => new ChunkItem(item.Id, item.Item.Attempt, item.Item.Payload))];
        var blob = "";
        if (items.Sum(static item => (long)item.Item.Payload.Length) > QueueCall.MaxInline)
        {
            blob = $"work/{name}";
            var bytes = WorkMessage.EncodeItems(content);
            await QueueCall.RepeatAsync(() => run.PutBlobAsync(blob, bytes, cancellation), cancellation, told).ConfigureAwait(false);
        }

        var offer = new ChunkOffer(submitter, [.. items.Select(static item => item.Offered)]);
        var sequence = await QueueCall.OfferAsync(run, name, offer, cancellation, told).ConfigureAwait(false);
        var work = new WorkMessage(submitter, sequence, blob.Length > 0 ? [] : content, blob);
        own(name, sequence, offer, work);
        await PublishAgainAsync(name, work, 0, cancellation).ConfigureAwait(false);
    }
}
