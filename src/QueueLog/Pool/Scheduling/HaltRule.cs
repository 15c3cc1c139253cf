namespace QueueLog.Pool.Scheduling;

/// <summary>When so many items have failed that the rest is not to be run.</summary>
internal sealed record HaltRule
{
    // A share of two items says nothing.
    private const long FewestForShare = 3;

    public static readonly HaltRule None = new();

    public HaltMode Mode { get; init; }

    /// <summary>Failed items that are enough; 0 when the share decides. Default: 1.</summary>
    public long Failures { get; init; } = 1;

    /// <summary>Percentage of the ended items that is enough, once at least three have failed; 0 when the count decides.</summary>
    public double Percentage { get; init; }

    /// <summary>Whether it is time to halt.</summary>
    public bool IsReached(long ended, long failed) => Mode != HaltMode.Never && failed > 0 &&
        (Percentage > 0 ? failed >= FewestForShare && failed * 100.0 >= Percentage * ended : failed >= Failures);

    /// <summary>The threshold as a user writes it: <c>3</c> or <c>20%</c>.</summary>
    /// <returns>Null when it is neither a positive number nor a percentage of at most 100.</returns>
    public static HaltRule? Parse(HaltMode mode, string threshold)
    {
        var text = threshold.AsSpan().Trim();
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (text.EndsWith("%"))
        {
            return double.TryParse(text[..^1], System.Globalization.NumberStyles.AllowDecimalPoint, culture, out var share) && share is > 0 and <= 100
                ? new HaltRule { Mode = mode, Failures = 0, Percentage = share }
                : null;
        }

        return long.TryParse(text, System.Globalization.NumberStyles.None, culture, out var count) && count > 0
            ? new HaltRule { Mode = mode, Failures = count }
            : null;
    }
}

/// <summary>What failed items mean for those that follow.</summary>
public enum HaltMode
{
    /// <summary>Nothing: all items are run.</summary>
    Never,

    /// <summary>Items under way are finished, no others are begun.</summary>
    Soon,

    /// <summary>Items under way are stopped, no others are begun.</summary>
    Now,
}
