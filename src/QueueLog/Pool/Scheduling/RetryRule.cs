using QueueLog.Records;

namespace QueueLog.Pool.Scheduling;

/// <summary>Which items are tried again, and when.</summary>
internal sealed record RetryRule
{
    /// <summary>No pause is longer than this.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>How often an item that failed is tried again. Default: 0.</summary>
    public int Retries { get; init; }

    /// <summary>The pause before the second attempt; it doubles with each further one, up to an hour. Default: none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>An item that so many workers died of is not tried again. Default: 2.</summary>
    public int MostDeaths { get; init; } = 2;

    /// <summary>When an item whose attempt ended so is to be tried again; null when it is not.</summary>
    public TimeSpan? After(WorkItem item, ItemStatus status)
    {
        if (item.Attempt > Retries || status is not (ItemStatus.Failed or ItemStatus.TimedOut or ItemStatus.Crashed) || item.Deaths >= MostDeaths)
        {
            return null;
        }

        // In floating point: a shift by the attempts of a day would overflow.
        var seconds = Delay.TotalSeconds * Math.Pow(2, Math.Min(item.Attempt - 1, 40));
        return seconds >= LongestDelay.TotalSeconds ? LongestDelay : TimeSpan.FromSeconds(seconds);
    }
}
