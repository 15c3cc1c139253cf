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
    [InlineData("run-20261125.log", "2026-11-25 00:00")]
    [InlineData("run-20261125_001.log.gz", "2026-11-25 00:00 1 gz")]
    [InlineData("run-2026112514.log", "2026-11-25 14:00")]
    [InlineData("run-202611251405_1000.log", "2026-11-25 14:05 1000")]
    [InlineData("run-202611.log", "2026-11-01 00:00")]
    [InlineData("run-2026W48.log", "2026-11-23 00:00")]
    public void A_name_with_a_date_in_it_says_so_too(string name, string what)
    {
        var parsed = LogName.ParseDated("run.log", name);
        Assert.NotNull(parsed);
        string?[] parts = [$"{parsed.Period:yyyy-MM-dd HH:mm}", parsed.Number > 0 ? $"{parsed.Number}" : null, parsed.IsCompressed ? "gz" : null];
        Assert.Equal(what, string.Join(' ', parts.OfType<string>()));
    }

    [Theory]
    [InlineData("run-20261325.log")]
    [InlineData("run-20261125_01.log")]
    [InlineData("run-20261125_000.log")]
    [InlineData("run-20261125_0001.log")]
    [InlineData("run-20261125.txt")]
    [InlineData("run-2026W54.log")]
    [InlineData("run-.log")]
    [InlineData("walk-20261125.log")]
    [InlineData("run.log")]
    public void Another_files_name_has_no_such_date(string name) => Assert.Null(LogName.ParseDated("run.log", name));

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
