using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>Connects to a listener and learns who it is.</summary>
internal static class ListenerGreeting
{
    private const int MaxNameLength = 256;

    /// <summary>Connects, says who this process is and waits for the answer.</summary>
    /// <exception cref="TimeoutException">No one listens, or the listener does not answer in time.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="ProtocolException">What answers is no listener of this version.</exception>
    public static async Task<(PipeConnection Connection, ListenerIdentity Listener)> ExchangeAsync(string address, TimeSpan timeout, CancellationToken cancellation)
    {
        // A listener that exists accepts at once; waiting longer only helps where there is none yet.
        var connection = await PipeConnector.ConnectAsync(address, TimeSpan.FromMilliseconds(Math.Min(250, timeout.TotalMilliseconds)), cancellation).ConfigureAwait(false);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            var hello = new ByteWriter(256);
            GreetingCodec.WriteHello(hello, new ClientIdentity(Environment.ProcessId, Shorten(ProcessContext.Name), ProcessContext.Worker));
            await connection.SendAsync(hello.WrittenMemory, deadline.Token).ConfigureAwait(false);
            var frame = await connection.ReadAsync(deadline.Token).ConfigureAwait(false);
            return (connection, GreetingCodec.ReadWelcome(frame ?? throw new IOException("The listener closed the connection instead of answering.")));
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"The listener did not answer within {timeout.TotalSeconds:0.###} s.", e);
            }

            throw;
        }
    }

    private static string Shorten(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength];
}
