namespace QueueLog.Diagnostics;

/// <summary>The last failures, equal ones as one. Not thread-safe.</summary>
internal sealed class RecentFailures(int capacity)
{
    private readonly List<(long Number, Failure Failure)> kept = [];

    /// <summary>Those kept, each with its number, in their order.</summary>
    public IReadOnlyList<(long Number, Failure Failure)> Kept => kept;

    /// <summary>Adds a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="number">A number above those before.</param>
    /// <returns>The failure with how often it has come.</returns>
    public Failure Add(Failure failure, long number)
    {
        var known = kept.FindIndex(other => IsSame(other.Failure, failure));
        if (known >= 0)
        {
            var before = kept[known].Failure;
            failure = failure with { FirstTime = before.FirstTime, Count = before.Count + 1 };
            kept.RemoveAt(known);
        }
        else if (kept.Count == capacity)
        {
            kept.RemoveAt(OldestOfLoudest());
        }

        kept.Add((number, failure));
        return failure;
    }

    private static bool IsSame(Failure one, Failure other) =>
        one.Severity == other.Severity
        && string.Equals(one.Source, other.Source, StringComparison.Ordinal)
        && string.Equals(one.Message, other.Message, StringComparison.Ordinal);

    // A sink whose code finds something else wrong with every record must not push out the disk's fault either.
    private int OldestOfLoudest()
    {
        var loudest = kept.GroupBy(other => other.Failure.Source, StringComparer.Ordinal).MaxBy(group => group.Count())!.Key;
        return kept.FindIndex(other => string.Equals(other.Failure.Source, loudest, StringComparison.Ordinal));
    }
}
