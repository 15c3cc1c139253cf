using QueueLog.Diagnostics;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>Connects to a listener and learns who it is.</summary>
internal static class ListenerGreeting
{
    private const int MaxNameLength = 256;
    private static readonly TimeSpan ConnectAttempt = TimeSpan.FromMilliseconds(250);

    /// <summary>What this process says of itself.</summary>
    public static ClientIdentity OwnIdentity
    {
        get
        {
            var (name, worker) = ProcessContext.Identity;
            return new ClientIdentity(Environment.ProcessId, Shorten(name), worker is null ? null : Shorten(worker));
        }
    }

    /// <summary>Connects, says who this process is and waits for the answer.</summary>
    /// <param name="address">Where.</param>
    /// <param name="timeout">How long a listener may take that is there; where none is, that is known at once.</param>
    /// <param name="onConnected">Called when somebody is there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">No one listens, or the listener does not answer in time.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="ProtocolException">What answers is no listener of this version.</exception>
    public static async Task<(PipeConnection Connection, ListenerIdentity Listener)> ExchangeAsync(string address, TimeSpan timeout, Action? onConnected, CancellationToken cancellation)
    {
        var connection = await ConnectAsync(address, timeout, cancellation).ConfigureAwait(false);
        onConnected?.Invoke();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var limit = new WaitLimit(timeout).CancelAtEnd(deadline);
        try
        {
            var hello = new ByteWriter(256);
            GreetingCodec.WriteHello(hello, OwnIdentity);
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

    // Where nothing listens, the wait is short; where something does, it may only be that this machine is busy.
    private static async Task<PipeConnection> ConnectAsync(string address, TimeSpan timeout, CancellationToken cancellation)
    {
        var attempt = timeout < ConnectAttempt ? timeout : ConnectAttempt;
        var limit = new WaitLimit(timeout);
        while (true)
        {
            try
            {
                return await PipeConnector.ConnectAsync(address, attempt, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!limit.IsOver() && PipeConnector.IsAnswering(address))
            {
            }
        }
    }

    private static string Shorten(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength];
}
