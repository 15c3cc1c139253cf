using QueueLog.Queue;
using QueueLog.Queue.History;
using QueueLog.Queue.Hosts;
using QueueLog.Queue.Submission;

namespace QueueLog.Tests.Queue.Submission;

public sealed class HostWatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A server that lost power has forgotten the end that the host appended. What a heartbeat says may be as old as the one before it.
    [Fact]
    public async Task A_chunk_that_a_living_host_does_not_have_any_more_is_lost_with_its_third_heartbeat_that_says_so()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var watch = new HostWatch(engine, new QueuePoolOptions { Name = "P", Version = QueueStage.Version });
        await BeatAsync("c1");
        Assert.Equal((false, false), await LookAsync());
        await BeatAsync();
        await BeatAsync("c1");
        Assert.Equal((false, false), await LookAsync());
        await BeatAsync();
        Assert.Equal((false, false), await LookAsync());
        await BeatAsync();
        Assert.Equal((false, false), await LookAsync());
        await BeatAsync();
        Assert.Equal((true, true), await LookAsync());

        async Task BeatAsync(params string[] chunks)
        {
            await engine.Hosts.PutAsync("web1", new HostEntry { Host = "web1", Incarnation = "life1", Chunks = chunks }.Encode(), Cancellation);
            await watch.ReadAsync(Cancellation);
        }

        // Twice: a heartbeat that is seen again says nothing new.
        async Task<(bool, bool)> LookAsync()
        {
            var claim = new ChunkClaim("web1", "life1", 1);
            return (await watch.IsLostAsync("c1", claim, Cancellation), await watch.IsLostAsync("c1", claim, Cancellation));
        }
    }
}
