namespace QueueLog.PowerShell.Pool;

/// <summary>How many items end in a second, over the last ten seconds or so.</summary>
internal sealed class ItemRate(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private (long At, long Ended) older = (time.GetTimestamp(), 0);
    private (long At, long Ended) newer = (time.GetTimestamp(), 0);

    /// <summary>Takes note of how many have ended by now.</summary>
    /// <returns>The rate; 0 when none has.</returns>
    public double Update(long ended)
    {
        var now = time.GetTimestamp();
        if (ended == 0)
        {
            // What the workers need to start is not the items' time.
            older = newer = (now, 0);
            return 0;
        }

        if (time.GetElapsedTime(newer.At, now) >= Span)
        {
            older = newer;
            newer = (now, ended);
        }

        var elapsed = time.GetElapsedTime(older.At, now);
        return elapsed > TimeSpan.Zero ? (ended - older.Ended) / elapsed.TotalSeconds : 0;
    }
}
