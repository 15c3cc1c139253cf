namespace QueueLog.Queue.Submission;

/// <summary>Says when no host will begin to work for a run any more.</summary>
/// <param name="options">How long to wait.</param>
/// <param name="hosts">The hosts.</param>
/// <param name="run">The run.</param>
internal sealed class HostWait(QueuePoolOptions options, HostWatch hosts, string run)
{
    private readonly long started = options.Time.GetTimestamp();
    private long candidateSeen = options.Time.GetTimestamp();

    /// <summary>Whether the wait is over. To be asked often while no host has begun.</summary>
    public bool IsOver()
    {
        // A host that starts is in the table of hosts before it has workers.
        candidateSeen = hosts.MayBegin(run) ? options.Time.GetTimestamp() : candidateSeen;
        return options.Time.GetElapsedTime(started) > options.HostWait || options.Time.GetElapsedTime(candidateSeen) > options.CandidateWait;
    }
}
