using QueueLog.Queue;
using QueueLog.Queue.History;
using QueueLog.Queue.Submission;
using QueueLog.Records;

namespace QueueLog.Tests.Queue.Submission;

public sealed class FormerRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // The items 0, 1 and 2 ended so, the host of 3 was lost, 4 failed and was being tried again.
    [Theory]
    [InlineData(false, new[] { true, false, true, true, true })]
    [InlineData(true, new[] { false, false, true, false, true })]
    public async Task What_was_stopped_is_run_again_and_what_failed_where_that_is_asked_for(bool retriesFailed, bool[] found)
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        await AppendAsync(0, Ended(0, ItemStatus.Failed));
        await AppendAsync(1, Ended(1, ItemStatus.Stopped));
        await AppendAsync(2, Ended(2, ItemStatus.Completed));
        await AppendAsync(3, ChunkLedger.GivenUp(new ChunkClaim("web1", "life1", 7)));
        await AppendAsync(4, Ended(4, ItemStatus.Failed));
        await QueueCall.OfferAsync(run, "again", Offer(4), Cancellation);
        var former = await FormerRun.ReadAsync(run, "s2", retriesFailed, Cancellation);
        Assert.Equal(found, Enumerable.Range(0, 5).Select(item => former.TryMatch(new QueueItem(QueueStage.Item(item, item)))));

        async Task AppendAsync(int item, ChunkEnd end)
        {
            var offer = await QueueCall.OfferAsync(run, $"c{item}", Offer(item), Cancellation);
            var claim = await run.AppendAsync($"c{item}", HistoryCodec.Encode(new ChunkClaim("web1", "life1", 7)), offer, $"claim{item}", Cancellation);
            await run.AppendAsync($"c{item}", HistoryCodec.Encode(end), claim.Sequence, $"end{item}", Cancellation);
        }
    }

    private static ChunkOffer Offer(int item) => new("s1", [new QueueItem(QueueStage.Item(item, item)).Offered]);

    private static ChunkEnd Ended(int item, ItemStatus status) => new(7, EndReason.Done, new Report([new ResultsPart("Worker-1", ReadOnlyMemory<byte>.Empty, [new ReportedEnd(item, status, 1)])]));
}
