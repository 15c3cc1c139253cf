namespace QueueLog.Sinks;

/// <summary>How long to wait before a file that takes nothing is tried again: longer each time.</summary>
internal struct RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan last;

    public TimeSpan Next()
    {
        var next = last == TimeSpan.Zero ? First : last * 2;
        last = next < Longest ? next : Longest;
        return last;
    }
}
