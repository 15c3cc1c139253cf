using QueueLog.Pool.Scheduling;

namespace QueueLog.Tests.Pool.Scheduling;

public sealed class HaltRuleTests
{
    [Theory]
    [InlineData("1", 100, 0, false)]
    [InlineData("1", 100, 1, true)]
    [InlineData("3", 100, 2, false)]
    [InlineData("3", 3, 3, true)]
    [InlineData("20%", 10, 2, false)]
    [InlineData("20%", 15, 3, true)]
    [InlineData("20%", 16, 3, false)]
    [InlineData(" 0.5% ", 600, 3, true)]
    [InlineData("100%", 3, 3, true)]
    public void It_is_reached_by_number_or_by_share(string threshold, long ended, long failed, bool expected) =>
        Assert.Equal(expected, HaltRule.Parse(HaltMode.Soon, threshold)!.IsReached(ended, failed));

    [Fact]
    public void Never_is_never_reached() => Assert.False(HaltRule.Parse(HaltMode.Never, "1")!.IsReached(10, 10));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("%")]
    [InlineData("1e2%")]
    [InlineData("three")]
    [InlineData("99999999999999999999")]
    public void Nonsense_is_no_threshold(string threshold) => Assert.Null(HaltRule.Parse(HaltMode.Soon, threshold));
}
