using QueueLog.Reading.Files;

namespace QueueLog.Tests.Reading;

public sealed class LogNameTests
{
    [Theory]
    [InlineData("run.log", "current")]
    [InlineData("run.log.gz", "current gz")]
    [InlineData("run.log.7", "7")]
    [InlineData("run.log.7.gz", "7 gz")]
    [InlineData("run.log.2026-11-25", "2026-11-25")]
    [InlineData("run.log.2026-11-25_14", "2026-11-25_14")]
    [InlineData("run.log.2026-11-25_14-05.3.gz", "2026-11-25_14-05 3 gz")]
    [InlineData("run.log.2026-11", "2026-11-01")]
    [InlineData("run.log.2026-W48", "2026-11-23")]
    public void A_name_says_which_part_of_the_log_it_is(string name, string what)
    {
        var parsed = LogName.Parse("run.log", name);
        Assert.NotNull(parsed);
        var period = parsed.Period is not { } start ? null : start.ToString(start.Minute > 0 ? "yyyy-MM-dd_HH-mm" : start.Hour > 0 ? "yyyy-MM-dd_HH" : "yyyy-MM-dd");
        string?[] parts = [parsed.IsCurrent ? "current" : null, period, parsed.Number > 0 ? $"{parsed.Number}" : null, parsed.IsCompressed ? "gz" : null];
        Assert.Equal(what, string.Join(' ', parts.OfType<string>()));
    }

    [Theory]
    [InlineData("run.log.0")]
    [InlineData("run.log.01")]
    [InlineData("run.log.")]
    [InlineData("run.log.-1")]
    [InlineData("run.log.bak")]
    [InlineData("run.log.1.1")]
    [InlineData("run.log.2026-13-01")]
    [InlineData("run.log.2026-W54")]
    [InlineData("run.log2")]
    [InlineData("other.log")]
    public void Another_files_name_is_none(string name) => Assert.Null(LogName.Parse("run.log", name));
}
