using QueueLog.Queue.History;
using QueueLog.Queue.Submission;

namespace QueueLog.Tests.Queue.Submission;

public sealed class ChunkPublisherTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A publish whose answer was lost is repeated; what the server is to have forgotten is another one.
    [Fact]
    public async Task A_chunk_is_on_the_server_once_for_each_time_that_it_is_published()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        var publisher = new ChunkPublisher(run, null!, "s1", static () => [], static (_, _, _, _) => { }, static _ => { });
        foreach (var times in new[] { 0, 0, 1, 1 })
        {
            await publisher.PublishAgainAsync("c1", new WorkMessage("s1", 1, []), times, Cancellation);
        }

        Assert.Equal(2, (await run.GetBacklogAsync(Cancellation)).Messages);
    }
}
