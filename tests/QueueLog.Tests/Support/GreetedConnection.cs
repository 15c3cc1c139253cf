using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>The first connection of an acceptor on which somebody says who he is.</summary>
internal static class GreetedConnection
{
    /// <summary>Accepts it, past those who only look whether somebody is there: on Unix whoever opens another name of the folder does.</summary>
    public static async Task<(PipeConnection Connection, ClientIdentity Client)> AcceptAsync(PipeAcceptor acceptor)
    {
        while (true)
        {
            var connection = await acceptor.AcceptAsync(CancellationToken.None).AsTask().WaitAsync(TestTimeout.Limit);
            if (await connection.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TestTimeout.Limit) is { } hello)
            {
                return (connection, GreetingCodec.ReadHello(hello));
            }

            await connection.DisposeAsync();
        }
    }
}
