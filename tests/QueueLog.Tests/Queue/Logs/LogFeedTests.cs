using QueueLog.Queue.Logs;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Logs;

public sealed class LogFeedTests
{
    // The piece that is in the queue stays there until the rest comes, and only it.
    [Fact]
    public async Task A_host_that_died_within_a_long_record_holds_no_other_up_and_comes_after_its_return()
    {
        var text = $" {new string('x', 600_000)}";
        var other = $" {new string('y', 10_000)}";
        await using var stage = await RunStage.StartAsync();
        await using var feed = stage.StartFeed();
        var (cut, reached) = CutRun.Of(stage.Run);
        await using var dying = await stage.StartHostAsync("web1", run: cut);
        var writing = RunStage.WriteAsync(dying, 3, text);
        await reached.WaitAsync(TestTimeout.Limit);
        await writing.WaitAsync(TestTimeout.Limit);
        Assert.False(await dying.StopAsync(TimeSpan.FromMilliseconds(100)).WaitAsync(TestTimeout.Limit));
        await using (var second = await stage.StartHostAsync("web2"))
        {
            await RunStage.WriteAsync(second, 2000, other).WaitAsync(TestTimeout.Limit);
            await RunStage.StopAsync(second);
        }

        await Eventually.TrueAsync(() => stage.Length > 2000 * other.Length, "the records of web2 are in the log");
        Assert.DoesNotContain(stage.Lines, line => line.EndsWith('x'));
        await using var next = await stage.StartHostAsync("web1", "life2");
        await RunStage.StopAsync(next);
        await RunStage.EndAsync(feed, ("web1", "life2"), ("web2", "life1"));
        await stage.AssertHasAsync("web1", 3, text);
        await stage.AssertHasAsync("web2", 2000, other);
    }
}
