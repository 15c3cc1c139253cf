namespace QueueLog.Listener;

/// <summary>Sums of counts that clients make up: they end at the largest number there is instead of going around.</summary>
internal static class Saturating
{
    public static long Add(long count, long more) => more <= long.MaxValue - count ? count + more : long.MaxValue;
}
