using QueueLog.Sinks.RollingFile;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class RetentionTests
{
    private static readonly RollingPath Log = new(Path.Combine(Path.GetTempPath(), "run.log"));

    [Theory]
    // names there; how many to keep; moves; deletions
    [InlineData("", 5, "run.log>run.log.1", "")]
    [InlineData("run.log.1", 5, "run.log.1>run.log.2 run.log>run.log.1", "")]
    [InlineData("run.log.2 run.log.1", 2, "run.log.2>run.log.3 run.log.1>run.log.2 run.log>run.log.1", "run.log.3")]
    [InlineData("", 0, "run.log>run.log.1", "run.log.1")]
    [InlineData("run.log.1 run.log.2 run.log.3", 1, "run.log.3>run.log.4 run.log.2>run.log.3 run.log.1>run.log.2 run.log>run.log.1", "run.log.4 run.log.3 run.log.2")]
    [InlineData("run.log.2 run.log.3", 2, "run.log>run.log.1", "run.log.3")]
    [InlineData("run.log.1 run.log.3 run.log.4", 3, "run.log.1>run.log.2 run.log>run.log.1", "run.log.4")]
    [InlineData("run.log.2024", 2, "run.log>run.log.1", "")]
    [InlineData("run.log.1.gz run.log.01 run.log. run.log.x run.log.-1 run.log.+1 run.log.99999999999 run.logs.1 xrun.log.1 run.log.0", 1, "run.log>run.log.1", "")]
    public void The_row_of_old_files_moves_on_and_what_is_too_much_goes(string names, int keep, string moves, string deletions)
    {
        var plan = Retention.Plan(Log, names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("run.log"), keep);

        Assert.Equal(moves, string.Join(' ', plan.Renames.Select(rename => $"{rename.From}>{rename.To}")));
        Assert.Equal(deletions, string.Join(' ', plan.Deletions));
    }

    [Fact]
    public void Case_matters_where_it_matters_to_the_file_system()
    {
        var ignoresCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

        Assert.Equal(ignoresCase ? 1 : null, Log.NumberOf("RUN.LOG.1"));
    }
}
