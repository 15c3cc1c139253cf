using QueueLog.Pool.Processes;

namespace QueueLog.Queue.Submission;

/// <summary>Says in the log when a run waits for its server, and when it goes on. Thread-safe.</summary>
/// <param name="log">The log.</param>
/// <param name="time">The own clock.</param>
internal sealed class ServerTroubles(PoolLog log, TimeProvider time)
{
    // A shorter silence is over before anyone could do anything.
    private static readonly TimeSpan LeastSilence = TimeSpan.FromSeconds(5);

    // A lack of room that lasts is told again as often.
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly object gate = new();
    private long? silentSince;
    private string? silenceTold;

    // Since when room is lacking, as was told; when that was told last, and when the server said it last.
    private long? lackSince;
    private long? lackTold;
    private long? lackSeen;

    // One that says that it has no room does answer.
    private bool IsLacking => lackSeen is { } seen && time.GetElapsedTime(seen) <= LeastSilence;

    /// <summary>Takes note of whether the server answers; to be called again and again.</summary>
    /// <param name="isAnswering">Whether it does.</param>
    /// <param name="refusal">Why it lets nobody connect; null where it says nothing.</param>
    public void Watch(bool isAnswering, string? refusal)
    {
        lock (gate)
        {
            if (lackSince is { } since && isAnswering && !IsLacking)
            {
                log.QueueGoesOn("has room again", time.GetElapsedTime(since));
                lackSince = null;
            }

            if (isAnswering || IsLacking)
            {
                if (silenceTold is not null)
                {
                    log.QueueGoesOn("answers again", time.GetElapsedTime(silentSince!.Value));
                }

                (silentSince, silenceTold) = (null, null);
                return;
            }

            silentSince ??= time.GetTimestamp();
            var reason = refusal ?? "the server of the queue does not answer";
            if (silenceTold != reason && time.GetElapsedTime(silentSince.Value) > LeastSilence)
            {
                silenceTold = reason;
                log.QueueWaits(reason);
            }
        }
    }

    /// <summary>Takes note of a fault that is waited out.</summary>
    public void Note(QueueException fault)
    {
        lock (gate)
        {
            if (fault.Fault != QueueFault.Full)
            {
                return;
            }

            lackSeen = time.GetTimestamp();
            if (!(lackTold is { } told && time.GetElapsedTime(told) < Again))
            {
                lackTold = lackSeen;
                lackSince ??= lackSeen;
                log.QueueWaits($"the server of the queue has no room for more items: {fault.Message}");
            }
        }
    }
}
