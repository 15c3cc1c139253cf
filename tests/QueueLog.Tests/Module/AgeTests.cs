using System.Management.Automation;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Arguments;

namespace QueueLog.Tests.Module;

public sealed class AgeTests
{
    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("10m", "00:10:00")]
    [InlineData(" 12h ", "12:00:00")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("30d", "30.00:00:00")]
    [InlineData("2W", "14.00:00:00")]
    [InlineData("1.00:00:00", "1.00:00:00")]
    [InlineData("00:05:00", "00:05:00")]
    public void A_number_with_a_unit_or_a_time_span_is_an_age(string text, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected), AgeTransformationAttribute.Transform(PSObject.AsPSObject(text)));

    [Fact]
    public void A_time_span_is_taken_as_it_is() => Assert.Equal(TimeSpan.FromDays(7), AgeTransformationAttribute.Transform(TimeSpan.FromDays(7)));

    public static TheoryData<object> NoAges => ["30", 30, 30m, "0d", "-1d", "d", "", "30x", "1e3d", "9999999999d", "-1.00:00:00", "00:00:00", "yesterday", TimeSpan.Zero];

    // A bare number would be one of ticks.
    [Theory]
    [MemberData(nameof(NoAges))]
    public void Anything_else_is_refused_with_what_would_be_one(object value) =>
        Assert.Contains("30d", Assert.Throws<ArgumentTransformationMetadataException>(() => AgeTransformationAttribute.Transform(value)).Message);
}
