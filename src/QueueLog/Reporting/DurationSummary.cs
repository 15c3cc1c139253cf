using QueueLog.Listener;

namespace QueueLog.Reporting;

/// <summary>How long items took.</summary>
internal sealed record DurationSummary
{
    // Each bar's times are so many times those of the one before: a run has items of milliseconds and of hours.
    private const int BarsPerTenfold = 5;
    private const int MostBars = 60;

    public required int Count { get; init; }

    public TimeSpan Shortest { get; init; }

    public TimeSpan Median { get; init; }

    public TimeSpan Percentile95 { get; init; }

    public TimeSpan Percentile99 { get; init; }

    public TimeSpan Longest { get; init; }

    public TimeSpan Total { get; init; }

    /// <summary>Bars of a histogram, each beginning where the one before ends.</summary>
    public IReadOnlyList<DurationBar> Bars { get; init; } = [];

    /// <param name="ticks">Durations; they are sorted.</param>
    public static DurationSummary Of(List<long> ticks)
    {
        if (ticks.Count == 0)
        {
            return new DurationSummary { Count = 0 };
        }

        ticks.Sort();
        return new DurationSummary
        {
            Count = ticks.Count,
            Shortest = new TimeSpan(ticks[0]),
            Median = Percentile(ticks, 0.5),
            Percentile95 = Percentile(ticks, 0.95),
            Percentile99 = Percentile(ticks, 0.99),
            Longest = new TimeSpan(ticks[^1]),
            Total = new TimeSpan(ticks.Aggregate(0L, Saturating.Add)),
            Bars = BarsOf(ticks),
        };
    }

    /// <summary>The duration that so many of them do not exceed (nearest rank).</summary>
    private static TimeSpan Percentile(List<long> sorted, double part) => new(sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Count) - 1)]);

    private static List<DurationBar> BarsOf(List<long> sorted)
    {
        List<DurationBar> bars = [];
        var step = BarOf(sorted[0]);
        for (var place = 0; place < sorted.Count; step++)
        {
            // Of the last bar that may be, the end is open.
            var end = bars.Count == MostBars - 1 ? long.MaxValue : StartOf(step + 1);
            var count = 0;
            while (place < sorted.Count && sorted[place] < end)
            {
                place++;
                count++;
            }

            bars.Add(new DurationBar(new TimeSpan(StartOf(step)), new TimeSpan(end == long.MaxValue ? sorted[^1] : end), count));
        }

        return bars;
    }

    private static int BarOf(long ticks)
    {
        var step = (int)Math.Floor(Math.Log10(Math.Max(1, ticks)) * BarsPerTenfold);
        while (StartOf(step) > Math.Max(1, ticks))
        {
            step--;
        }

        while (StartOf(step + 1) <= ticks)
        {
            step++;
        }

        return step;
    }

    private static long StartOf(int step) => (long)Math.Pow(10, (double)step / BarsPerTenfold);
}

/// <summary>How many items took from one time up to, and without, another.</summary>
internal readonly record struct DurationBar(TimeSpan From, TimeSpan To, int Count);
