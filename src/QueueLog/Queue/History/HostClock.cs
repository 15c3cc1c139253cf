namespace QueueLog.Queue.History;

/// <summary>
/// Tells which hosts are lost, from their heartbeats and the own clock alone: neither the clocks of others nor a server that does not answer
/// make a host lost. Thread-safe.
/// </summary>
/// <param name="time">The own clock.</param>
/// <param name="timeout">How long a host may be silent.</param>
/// <param name="answerGap">How far apart two answers of the server may be. Beyond it the server may have kept heartbeats back, and silence counts anew.</param>
internal sealed class HostClock(TimeProvider time, TimeSpan timeout, TimeSpan answerGap)
{
    private readonly object gate = new();
    private readonly Dictionary<string, Heard> hosts = new(StringComparer.Ordinal);

    // Since when the server has answered without a gap, and when it did last.
    private long answering = time.GetTimestamp();
    private long answered = time.GetTimestamp();

    /// <summary>The server has answered a question that was asked now and then.</summary>
    public void NoteAnswer()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            answering = time.GetElapsedTime(answered, now) > answerGap ? now : answering;
            answered = now;
        }
    }

    /// <summary>Whether the server has answered lately.</summary>
    /// <param name="connectedSince">As below.</param>
    public bool IsAnswered(long? connectedSince)
    {
        lock (gate)
        {
            return connectedSince is not null && time.GetElapsedTime(answered) <= answerGap;
        }
    }

    /// <summary>A heartbeat was seen; one that was seen before says nothing new.</summary>
    /// <param name="host">Of the host.</param>
    /// <param name="incarnation">Its present life; null when it said that it ends.</param>
    /// <param name="revision">Of the entry in the table.</param>
    public void NoteHeartbeat(string host, string? incarnation, long revision)
    {
        lock (gate)
        {
            if (!hosts.TryGetValue(host, out var heard) || revision > heard.Revision)
            {
                hosts[host] = new Heard(incarnation, revision, time.GetTimestamp());
            }
        }
    }

    /// <summary>Whether a life of a host is over, or counts as over.</summary>
    /// <param name="host">The host.</param>
    /// <param name="incarnation">Its life.</param>
    /// <param name="connectedSince">Since when there is a connection to the server; null where there is none.</param>
    public bool IsLost(string host, string incarnation, long? connectedSince)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (!hosts.TryGetValue(host, out var heard))
            {
                hosts[host] = heard = new Heard(incarnation, 0, now);
            }

            if (heard.Incarnation != incarnation)
            {
                return true;
            }

            return connectedSince is { } since && IsAnswered(connectedSince)
                && time.GetElapsedTime(Math.Max(Math.Max(heard.At, answering), since), now) > timeout;
        }
    }

    private readonly record struct Heard(string? Incarnation, long Revision, long At);
}
