using QueueLog.Reporting;

namespace QueueLog.Tests.Reporting;

public sealed class TimeBucketsTests
{
    private static readonly long Begin = RunFiles.Begin.UtcTicks;

    [Fact]
    public void Whatever_the_length_of_the_run_the_sums_stay_and_the_stretches_are_few()
    {
        var buckets = new TimeBuckets();
        for (var second = 0; second < 100_000; second++)
        {
            buckets.AddEnd(Begin + second * TimeSpan.TicksPerSecond, second % 10 == 0);
            buckets.AddRecord(Begin + second * TimeSpan.TicksPerSecond, second % 6);
        }

        buckets.AddBusy(Begin - 7 * TimeSpan.TicksPerHour, Begin + 7);
        var filled = buckets.Filled.ToArray();
        Assert.InRange(filled.Length, 2048, 4096);
        Assert.Equal((90_000, 10_000), (filled.Sum(part => part.Bucket.Completed), filled.Sum(part => part.Bucket.Failed)));
        Assert.Equal(100_000, filled.Sum(part => part.Bucket.Levels.Sum()));
        Assert.Equal(7 * TimeSpan.TicksPerHour + 7, filled.Sum(part => part.Bucket.Busy));
        Assert.All(filled.Zip(filled.Skip(1)), pair => Assert.True(pair.Second.Start - pair.First.Start >= buckets.Width));
        Assert.InRange(Begin - 7 * TimeSpan.TicksPerHour - filled[0].Start, 0, buckets.Width);
        Assert.InRange(Begin + 99_999 * TimeSpan.TicksPerSecond - filled[^1].Start, 0, buckets.Width);
        Assert.All(filled, part => Assert.True(part.Bucket.Busy <= buckets.Width));
    }

    [Fact]
    public void Percentiles_are_of_the_nearest_rank_and_the_bars_count_every_item()
    {
        var ticks = Enumerable.Range(1, 200).Select(i => i * TimeSpan.TicksPerMillisecond).Reverse().ToList();
        var durations = DurationSummary.Of(ticks);
        Assert.Equal((100, 190, 198, 200), (durations.Median.TotalMilliseconds, durations.Percentile95.TotalMilliseconds, durations.Percentile99.TotalMilliseconds, durations.Longest.TotalMilliseconds));
        Assert.Equal(200, durations.Bars.Sum(bar => bar.Count));
        Assert.All(durations.Bars, bar => Assert.True(bar.From < bar.To));
        Assert.True(durations.Bars[0].From <= durations.Shortest && durations.Bars[^1].To > durations.Longest);
    }
}
