using QueueLog.Queue;
using QueueLog.Queue.History;
using QueueLog.Queue.Hosts;
using QueueLog.Tests.Queue.Submission;

namespace QueueLog.Tests.Queue.Hosts;

public sealed class HistoryWriterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_appended_without_an_answer_is_known_again_and_there_once(bool forgetsIds)
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        var writer = Writer(LossyRun.Of(run, forgetsIds));
        Assert.True(await writer.TryClaimAsync(await OfferAsync(run), Cancellation));
        Assert.True(await writer.AppendAsync([new LinePart("Worker-1", false, "one")], null, Cancellation));
        Assert.True(await writer.AppendAsync([new LinePart("Worker-1", false, "two")], null, Cancellation));
        Assert.True(await writer.AppendAsync([], EndReason.Done, Cancellation));
        var history = await run.ReadHistoryAsync("c1", Cancellation);
        Assert.Equal(
            [typeof(ChunkOffer), typeof(ChunkClaim), typeof(ChunkResults), typeof(ChunkResults), typeof(ChunkEnd)],
            history.Select(static message => HistoryCodec.Decode(message.Payload).GetType()));
    }

    // A delivery that comes again would run the chunk again.
    [Fact]
    public async Task A_host_does_not_claim_what_it_has_claimed_or_ended()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        var offer = await OfferAsync(run);
        var writer = Writer(run);
        Assert.True(await writer.TryClaimAsync(offer, Cancellation));
        Assert.False(await Writer(run).TryClaimAsync(offer, Cancellation));
        Assert.True(await writer.AppendAsync([], EndReason.Done, Cancellation));
        Assert.False(await Writer(run).TryClaimAsync(offer, Cancellation));
    }

    private static HistoryWriter Writer(IQueueRun run) => new(run, "c1", HistoryWriter.NewClaim("web1", "life1"));

    private static Task<long> OfferAsync(IQueueRun run) => QueueCall.OfferAsync(run, "c1", new ChunkOffer("s", [new OfferedItem(0, 1, 0, 0)]), Cancellation);
}
