using QueueLog.Queue;
using QueueLog.Queue.Logs;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Logs;

/// <summary>There is no room on the server, or on the host: everything waits, nothing is lost, and it is said.</summary>
public sealed class HostLogRoomTests
{
    private const int Count = 500;
    private static readonly string Text = $" {new string('x', 10_000)}";
    private static readonly QueueEngineOptions Small = new() { MaxLogBytes = 1024 * 1024 };

    [Fact]
    public async Task Records_wait_in_the_spool_while_the_queue_is_full()
    {
        await using var stage = await RunStage.StartAsync(Small);
        await using var host = await stage.StartHostAsync("web1");
        await RunStage.WriteAsync(host, Count, Text).WaitAsync(TestTimeout.Limit);
        await Eventually.TrueAsync(() => host.Trouble is not null, "the queue is full");
        Assert.InRange(host.Waiting, 1, long.MaxValue);
        await EndAsync(stage, host, Task.CompletedTask);
    }

    [Fact]
    public async Task Writers_wait_while_the_spool_is_full_too()
    {
        await using var stage = await RunStage.StartAsync(Small);
        await using var host = await stage.StartHostAsync(stage.Options("web1") with { Capacity = 512 * 1024 });
        var writing = RunStage.WriteAsync(host, Count, Text);
        await Eventually.TrueAsync(() => host.Trouble is not null && host.Listener.Failures.Any(failure => failure.Message.Contains("that the queue has not taken", StringComparison.Ordinal)), "both are full");
        Assert.False(writing.IsCompleted);
        Assert.InRange(host.Waiting, 1, 512 * 1024);
        await EndAsync(stage, host, writing);
    }

    private static async Task EndAsync(RunStage stage, HostLog host, Task writing)
    {
        await using var feed = stage.StartFeed();
        await writing.WaitAsync(TestTimeout.Limit);
        await RunStage.StopAsync(host);
        Assert.Null(host.Trouble);
        await RunStage.EndAsync(feed, ("web1", "life1"));
        await stage.AssertHasAsync("web1", Count, Text);
    }
}
