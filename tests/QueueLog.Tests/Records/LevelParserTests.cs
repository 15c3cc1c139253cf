using System.Text;
using QueueLog.Records;

namespace QueueLog.Tests.Records;

public sealed class LevelParserTests
{
    [Theory]
    [InlineData(LogLevel.Trace, "Trace", "TRC", "verbose", "Finest", "T", "v")]
    [InlineData(LogLevel.Debug, "debug", "DBG", "dbug", "FINE", "d", "10", "DEBUG3")]
    [InlineData(LogLevel.Information, "Information", "info", "INF", "notice", "SUCCESS", "I", "n", "20", "25")]
    [InlineData(LogLevel.Warning, "warning", "WARN", "wrn", "w", "30")]
    [InlineData(LogLevel.Error, "Error", "err", "SEVERE", "fail", "E", "40")]
    [InlineData(LogLevel.Critical, "critical", "CRIT", "fatal", "panic", "dpanic", "alert", "emerg", "F", "50", "60")]
    public void Names_and_numbers_of_all_systems_are_levels(LogLevel level, params string[] names)
    {
        foreach (var name in names)
        {
            Assert.True(LevelParser.TryParse(name, out var read), name);
            Assert.Equal(level, read);
            Assert.True(LevelParser.TryParse(Encoding.UTF8.GetBytes(name), out read), name);
            Assert.Equal(level, read);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("loud")]
    [InlineData("x")]
    [InlineData("5")]
    [InlineData("infö")]
    [InlineData("a very long word that is none")]
    public void Anything_else_is_none(string name)
    {
        Assert.False(LevelParser.TryParse(name, out _));
        Assert.False(LevelParser.TryParse(Encoding.UTF8.GetBytes(name), out _));
    }

    [Fact]
    public void Numbers_mean_what_their_system_means()
    {
        Assert.Equal([LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical], new double[] { 10, 20, 30, 40, 50, 60 }.Select(LevelParser.OfPino));
        Assert.Equal([LogLevel.Critical, LogLevel.Error, LogLevel.Warning, LogLevel.Information, LogLevel.Information, LogLevel.Debug], new[] { 0, 3, 4, 5, 6, 7 }.Select(LevelParser.OfSyslog));
        Assert.Equal([LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical], new[] { 1, 5, 9, 13, 17, 24 }.Select(LevelParser.OfOpenTelemetry));
    }
}
