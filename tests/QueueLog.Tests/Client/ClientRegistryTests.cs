using QueueLog.Client;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Client;

public sealed class ClientRegistryTests
{
    [Fact]
    public async Task A_listener_that_does_not_answer_is_not_asked_again_for_each_record()
    {
        StateFolder.Ensure();
        await using var acceptor = PipeAcceptor.Open(PipeName.ToAddress(TestListener.NewName()));
        using var over = new CancellationTokenSource();
        var asked = 0;
        var refusing = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await using var connection = await acceptor.AcceptAsync(over.Token);
                Interlocked.Increment(ref asked);
            }
        });

        for (var record = 0; record < 10_000; record++)
        {
            Assert.Null(ClientRegistry.Get(acceptor.Address));
        }

        // Once, and again every few seconds, however long it takes.
        Assert.InRange(asked, 1, 1000);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refusing.WaitAsync(TestTimeout.Limit));
    }
}
