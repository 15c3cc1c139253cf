using QueueLog.Sinks.RollingFile;

namespace QueueLog.Tests.Sinks.RollingFile;

/// <summary>Several logs of one listener, beside each other.</summary>
public sealed class LogNamesTests
{
    [Theory]
    [InlineData("app", "app.1")]
    [InlineData("app.2026-11-29", "app")]
    [InlineData("app.7.gz", "other", "app")]
    [InlineData("app.queuelog-gz", "app")]
    [InlineData("app.1", "{Category}")]
    [InlineData("app", "{Category}.7")]
    [InlineData("app", "app.{Pid}")]
    public void One_that_could_be_taken_for_an_old_file_of_another_is_refused(params string[] names)
    {
        var refused = Assert.Throws<LogFileException>(() => LogNames.Check(names.Select(InFolder)));
        Assert.Contains("another name", refused.Message);
    }

    [Theory]
    [InlineData("app", "app.log", "app.01", "app-1")]
    [InlineData("app.log", "{Category}.log", "{Process}.{Pid}.json")]
    [InlineData("app.1", "old/app")]
    [InlineData("x.1", "{Category}/x")]
    [InlineData("app")]
    public void Others_are_not(params string[] names) => LogNames.Check(names.Select(InFolder));

    private static string InFolder(string name) => Path.Combine(Path.GetTempPath(), "logs", name);
}
