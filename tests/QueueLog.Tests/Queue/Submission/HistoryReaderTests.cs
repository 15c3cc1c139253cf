using QueueLog.Diagnostics;
using QueueLog.Queue;
using QueueLog.Queue.History;
using QueueLog.Queue.Submission;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Submission;

public sealed class HistoryReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_message_is_applied_once_however_often_the_connection_is_lost()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        for (var i = 0; i < 7; i++)
        {
            await QueueCall.OfferAsync(run, $"c{i}", new ChunkOffer("s", []), Cancellation);
        }

        var applied = new List<string>();
        var reader = new HistoryReader(LossyRun.Of(run), new FailureLog(), static _ => true);
        await reader.FollowAsync(
            (chunk, _, _, _) =>
            {
                applied.Add(chunk);
                return ValueTask.CompletedTask;
            },
            () => applied.Count >= 7,
            Cancellation).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["c0", "c1", "c2", "c3", "c4", "c5", "c6"], applied);
    }
}
