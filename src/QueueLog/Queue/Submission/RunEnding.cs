using QueueLog.Diagnostics;
using QueueLog.Pool.Scheduling;
using QueueLog.Queue.Hosts;
using QueueLog.Queue.Logs;

namespace QueueLog.Queue.Submission;

/// <summary>Brings a run to its end: tells the hosts, and waits for what they have.</summary>
/// <param name="run">The run.</param>
/// <param name="submission">What is known of it.</param>
/// <param name="lease">Tells the hosts.</param>
/// <param name="sweeper">Ends what no host has.</param>
/// <param name="hosts">The hosts.</param>
internal sealed class RunEnding(IQueueRun run, RunSubmission submission, SubmitterLease lease, RunSweeper sweeper, HostWatch hosts)
{
    private static readonly TimeSpan LostLogTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Has the hosts begin nothing more.</summary>
    public async Task TellHaltAsync(HaltMode mode, CancellationToken cancellation)
    {
        await QueueCall.TryAsync(() => lease.SetAsync(mode == HaltMode.Now ? HostedRunState.HaltingNow : HostedRunState.HaltingSoon, cancellation)).ConfigureAwait(false);
        await QueueCall.TryAsync(() => run.PurgeWorkAsync(cancellation)).ConfigureAwait(false);
        sweeper.Signal();
    }

    /// <summary>Ends what is open; what is under way has its time to stop.</summary>
    public async Task EndOpenAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        submission.Close();
        await TellHaltAsync(HaltMode.Now, cancellation).ConfigureAwait(false);
        await WaitAsync(() => submission.OpenChunks.All(static chunk => chunk.Submitted is null), timeout, cancellation).ConfigureAwait(false);
    }

    /// <summary>Lets the hosts end what they have of the run, and takes the rest of their records.</summary>
    /// <returns>The hosts whose records did not all come.</returns>
    /// <exception cref="QueueException">The server does not allow it.</exception>
    public async Task<IReadOnlyList<MissingHostLog>> EndHostsAsync(LogFeed? feed, TimeSpan timeout, CancellationToken cancellation)
    {
        await lease.SetAsync(HostedRunState.Ending, cancellation).ConfigureAwait(false);
        await WaitAsync(() => submission.OpenChunks.Count == 0, timeout, cancellation).ConfigureAwait(false);
        if (feed is null)
        {
            return [];
        }

        var lives = submission.Participants.Select(static claim => (claim.Host, claim.Incarnation)).Distinct().ToList();
        var isAnyLost = lives.Any(life => !Array.Exists(hosts.Entries, host => host.Host == life.Host && host.Incarnation == life.Incarnation));
        return await feed.EndAsync(lives, isAnyLost ? LostLogTimeout : timeout).ConfigureAwait(false);
    }

    private async Task WaitAsync(Func<bool> condition, TimeSpan timeout, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = new WaitLimit(timeout).CancelAtEnd(end);
        try
        {
            await submission.WaitAsync(condition, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It takes too long.
        }
    }
}
