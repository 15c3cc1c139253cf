using QueueLog.Queue;
using QueueLog.Queue.History;
using QueueLog.Queue.Hosts;
using QueueLog.Queue.Submission;

namespace QueueLog.Tests.Queue.Submission;

public sealed class RunSweeperTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // The submitter takes a host for lost by what it saw; what the host has appended meanwhile counts.
    [Fact]
    public async Task A_chunk_is_ended_where_it_is_as_it_was_seen_and_then_its_host_is_fenced()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        var sweeper = new RunSweeper(run, null!, null!, null!, TimeProvider.System);
        var host = new HistoryWriter(run, "c1", HistoryWriter.NewClaim("web1", "life1"));
        Assert.True(await host.TryClaimAsync(await QueueCall.OfferAsync(run, "c1", new ChunkOffer("s", [new OfferedItem(0, 1, 0, 0)]), Cancellation), Cancellation));
        var before = await SeeAsync(run);
        Assert.True(await host.AppendAsync([new LinePart("Worker-1", false, "alive")], null, Cancellation));
        await sweeper.EndAsync(before, Cancellation);
        Assert.Null(ChunkHistory.Of(await run.ReadHistoryAsync("c1", Cancellation)).End);
        Assert.True(await host.AppendAsync([new LinePart("Worker-1", false, "still alive")], null, Cancellation));
        await sweeper.EndAsync(await SeeAsync(run), Cancellation);
        Assert.False(await host.AppendAsync([], EndReason.Done, Cancellation));
        Assert.Equal(EndReason.Lost, ChunkHistory.Of(await run.ReadHistoryAsync("c1", Cancellation)).End);
    }

    [Fact]
    public async Task A_chunk_that_is_claimed_meanwhile_is_not_taken_back_and_one_that_was_is_not_claimed()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        var sweeper = new RunSweeper(run, null!, null!, null!, TimeProvider.System);
        var host = new HistoryWriter(run, "c1", HistoryWriter.NewClaim("web1", "life1"));
        var offer = await QueueCall.OfferAsync(run, "c1", new ChunkOffer("s", [new OfferedItem(0, 1, 0, 0)]), Cancellation);
        var before = await SeeAsync(run);
        Assert.True(await host.TryClaimAsync(offer, Cancellation));
        await sweeper.EndAsync(before, Cancellation);
        Assert.Equal(2, (await run.ReadHistoryAsync("c1", Cancellation)).Count);
        var other = await QueueCall.OfferAsync(run, "c2", new ChunkOffer("s", [new OfferedItem(1, 1, 0, 0)]), Cancellation);
        await sweeper.EndAsync(new OpenChunk("c2", null, other, null), Cancellation);
        Assert.False(await new HistoryWriter(run, "c2", HistoryWriter.NewClaim("web1", "life1")).TryClaimAsync(other, Cancellation));
    }

    private static async Task<OpenChunk> SeeAsync(IQueueRun run)
    {
        var history = ChunkHistory.Of(await run.ReadHistoryAsync("c1", Cancellation));
        return new OpenChunk("c1", history.Claim, history.LastSequence, null);
    }
}
