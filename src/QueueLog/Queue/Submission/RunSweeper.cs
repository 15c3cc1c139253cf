using QueueLog.Diagnostics;
using QueueLog.Queue.History;

namespace QueueLog.Queue.Submission;

/// <summary>Looks after chunks that will not come to their end by themselves.</summary>
/// <param name="run">The run.</param>
/// <param name="hosts">Knows who is lost.</param>
/// <param name="publisher">Publishes what the server has lost.</param>
/// <param name="submission">What is known of the run.</param>
/// <param name="time">The clock.</param>
internal sealed class RunSweeper(IQueueRun run, HostWatch hosts, ChunkPublisher publisher, RunSubmission submission, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // A chunk of which nothing is heard for so long, with nothing waiting to be delivered, was lost by the server, or delivered to a host that
    // died: that one would come again after half a minute. If a living host has it after all, only one of both claims is let in.
    private static readonly TimeSpan UnclaimedAge = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan QuietAge = TimeSpan.FromSeconds(30);

    private readonly WakeSignal signal = new();

    /// <summary>There may be chunks to end.</summary>
    public void Signal() => signal.Set();

    /// <summary>Looks at all chunks again and again. A server that is silent keeps it waiting.</summary>
    public async Task SweepLoopAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await signal.WaitAsync(Interval, cancellation).ConfigureAwait(false);
            await QueueCall.TryAsync(() => SweepAsync(cancellation)).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a chunk: its host is lost, or nobody has claimed it. Where something has come meanwhile, it is refused, and nothing happens.</summary>
    /// <exception cref="QueueException">The server does not answer.</exception>
    public async Task EndAsync(OpenChunk chunk, CancellationToken cancellation)
    {
        var end = HistoryCodec.Encode(ChunkLedger.GivenUp(chunk.Claim));
        await run.AppendAsync(chunk.Name, end, chunk.LastSequence, $"{chunk.Name}/end-{chunk.LastSequence}", cancellation).ConfigureAwait(false);
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        var open = submission.OpenChunks;
        if (submission.IsHalted || submission.IsClosed)
        {
            foreach (var chunk in open.Where(static chunk => chunk is { Claim: null, Submitted: not null }))
            {
                await EndAsync(chunk, cancellation).ConfigureAwait(false);
            }
        }

        var unclaimed = new List<OpenChunk>();
        foreach (var chunk in open)
        {
            if (chunk.Claim is { } claim && await hosts.IsLostAsync(chunk.Name, claim, cancellation).ConfigureAwait(false))
            {
                await EndAsync(chunk, cancellation).ConfigureAwait(false);
            }
            else if (chunk.Claim is null && chunk.Submitted is { Work: not null } submitted && time.GetElapsedTime(submitted.Since) > UnclaimedAge)
            {
                unclaimed.Add(chunk);
            }

            if (chunk.Submitted is { } quiet && time.GetElapsedTime(quiet.Since) > QuietAge)
            {
                quiet.Since = time.GetTimestamp();
                await CheckAsync(chunk, cancellation).ConfigureAwait(false);
            }
        }

        if (unclaimed.Count > 0 && await run.GetBacklogAsync(cancellation).ConfigureAwait(false) is { Waiting: 0 })
        {
            foreach (var chunk in unclaimed)
            {
                chunk.Submitted!.Since = time.GetTimestamp();
                await publisher.PublishAgainAsync(chunk.Name, chunk.Submitted.Work!, chunk.Submitted.Times++, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task CheckAsync(OpenChunk chunk, CancellationToken cancellation)
    {
        var present = ChunkHistory.Of(await run.ReadHistoryAsync(chunk.Name, cancellation).ConfigureAwait(false));

        // What the server has beyond that is on its way; where it has less, or something else, it has forgotten some.
        if (present.LastSequence < chunk.LastSequence || (present.LastSequence == chunk.LastSequence && present.Claim?.Nonce != chunk.Claim?.Nonce))
        {
            await EndAsync(chunk with { LastSequence = present.LastSequence }, cancellation).ConfigureAwait(false);
            submission.GiveUp(chunk.Name);
        }
    }
}

/// <param name="Name">Of the chunk.</param>
/// <param name="Claim">Who has it; null for nobody.</param>
/// <param name="LastSequence">Of its history.</param>
/// <param name="Submitted">What is known of its publishing; null where it is a host's own history.</param>
internal sealed record OpenChunk(string Name, ChunkClaim? Claim, long LastSequence, SubmittedChunk? Submitted);
