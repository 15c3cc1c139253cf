using QueueLog.Diagnostics;
using QueueLog.Queue.History;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Queue.Submission;

/// <summary>Follows the histories of a run, and gets what is in blobs.</summary>
/// <param name="run">The run.</param>
/// <param name="failures">Told of what cannot be read.</param>
/// <param name="isWanted">Says whether the history of a chunk is.</param>
internal sealed class HistoryReader(IQueueRun run, FailureLog failures, Func<string, bool> isWanted)
{
    private long position;

    /// <summary>Hands each message to a function, in their order.</summary>
    /// <param name="apply">The function.</param>
    /// <param name="isOver">Asked before each message whether those that will come are of no interest.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="QueueException">The run is gone.</exception>
    public async Task FollowAsync(Func<string, long, HistoryEvent, ReportPart[], ValueTask> apply, Func<bool> isOver, CancellationToken cancellation)
    {
        for (var pause = default(RetryPause); !isOver();)
        {
            try
            {
                await foreach (var message in run.FollowHistoriesAsync(position + 1, cancellation).ConfigureAwait(false))
                {
                    if (isWanted(message.Chunk) && await ReadAsync(message, cancellation).ConfigureAwait(false) is var (decoded, parts))
                    {
                        await apply(message.Chunk, message.Sequence, decoded, parts).ConfigureAwait(false);
                    }

                    position = message.Sequence;
                    pause = default;
                    if (isOver())
                    {
                        return;
                    }
                }
            }
            catch (QueueException e) when (e.Fault is QueueFault.Unreachable or QueueFault.Full)
            {
                await Task.Delay(pause.Next(), cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<(HistoryEvent Message, ReportPart[] Parts)?> ReadAsync(HistoryMessage message, CancellationToken cancellation)
    {
        try
        {
            var decoded = HistoryCodec.Decode(message.Payload);
            var report = decoded switch { ChunkResults results => results.Report, ChunkEnd end => end.Report, _ => Report.Empty };
            if (report.Blob.Length == 0)
            {
                return (decoded, report.Parts);
            }

            var content = await QueueCall.RepeatAsync(() => run.GetBlobAsync(report.Blob, QueueCall.MaxBlob, cancellation), cancellation).ConfigureAwait(false);
            return (decoded, content is null ? [] : ReportCodec.Read(content));
        }
        catch (Exception e) when (e is ProtocolException or InvalidDataException)
        {
            failures.Report($"run {run.Name}", FailureSeverity.Permanent, $"A message of the history of {message.Chunk} cannot be read: {e.Message}", e);
            return null;
        }
    }
}
