namespace QueueLog.Pool.Scheduling;

/// <summary>How long short items have waited for more of them, while an idle worker might have them. Not thread-safe.</summary>
/// <param name="time">The clock.</param>
// One item at a time, waking a worker's process costs more than the item.
internal sealed class Gathering(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(10);

    private long? since;
    private bool isTold;

    /// <summary>Whether it has begun.</summary>
    public bool IsUnderWay => since is not null;

    /// <summary>How long it may still take, once it has begun.</summary>
    public TimeSpan Left => Longest - time.GetElapsedTime(since!.Value) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Whether items have waited long enough; begins with the first question.</summary>
    public bool IsOver()
    {
        since ??= time.GetTimestamp();
        return Left == TimeSpan.Zero;
    }

    /// <summary>Whether this is the first to hear of it.</summary>
    public bool TryTell()
    {
        var isFirst = !isTold;
        isTold = true;
        return isFirst;
    }

    /// <summary>Nothing waits any more.</summary>
    public void End() => (since, isTold) = (null, false);
}
