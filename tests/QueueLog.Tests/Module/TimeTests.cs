using System.Management.Automation;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Arguments;

namespace QueueLog.Tests.Module;

public sealed class TimeTests
{
    [Theory]
    [InlineData("10m", 600)]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5d", 129600)]
    [InlineData("2 h", 7200)]
    [InlineData("500ms", 0.5)]
    [InlineData("-10m", 600)]
    public void A_span_is_how_long_ago_it_was(string text, double seconds)
    {
        var now = new DateTimeOffset(2026, 3, 4, 15, 0, 0, TimeSpan.Zero);
        Assert.Equal(now.AddSeconds(-seconds), TimeTransformationAttribute.Transform(text, now));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("10x")]
    [InlineData("m")]
    public void What_is_no_time_is_refused(string text) =>
        Assert.Throws<ArgumentTransformationMetadataException>(() => TimeTransformationAttribute.Transform(text, DateTimeOffset.Now));
}
