using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks;

public sealed class SinkLevelTests
{
    [Fact]
    public void A_lower_level_holds_at_once_and_a_higher_one_when_what_came_before_is_taken()
    {
        using var sink = new CollectingSink();
        using var guard = new SinkGuard(sink, "s", LogLevel.Information, new FailureLog());
        guard.SetLevel(LogLevel.Debug);
        guard.Write(Some.Record("lower", LogLevel.Debug));
        guard.SetLevel(LogLevel.Error);
        Assert.Equal(LogLevel.Error, guard.MinimumLevel);
        guard.Write(Some.Record("before", LogLevel.Debug));
        guard.ApplyLevel();
        guard.Write(Some.Record("behind", LogLevel.Warning));
        guard.SetLevel(LogLevel.Warning);
        guard.Write(Some.Record("lower again", LogLevel.Warning));
        Assert.Equal(["lower", "before", "lower again"], sink.Messages);
    }
}
