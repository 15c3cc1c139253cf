using System.Net.Sockets;
using QueueLog.Transport;

namespace QueueLog.Listener;

/// <summary>The connections that wait to be accepted when a listener stops: who made them may have sent its lines and left.</summary>
internal static class LastConnections
{
    // They are there already.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Accepts them all. They stand in a queue: when its last, a connection made here, has had its turn, all have.</summary>
    /// <param name="acceptor">Accepts nothing else meanwhile.</param>
    /// <param name="handle">Takes what was sent over one, and ends it.</param>
    public static async Task HandleAllAsync(PipeAcceptor acceptor, Func<PipeConnection, Task> handle)
    {
        if (OperatingSystem.IsWindows())
        {
            // There is no queue there: each has an end of the pipe to itself.
            foreach (var connection in await acceptor.AcceptLastAsync().ConfigureAwait(false))
            {
                await handle(connection).ConfigureAwait(false);
            }

            return;
        }

        // Where the queue is full, the last gets its place in it only while the others have their turn.
        using var turn = new CancellationTokenSource(Timeout);
        await Task.WhenAll(EndTurnAsync(acceptor.Address, turn), HandleTurnsAsync(acceptor, handle, turn.Token)).ConfigureAwait(false);
    }

    private static async Task HandleTurnsAsync(PipeAcceptor acceptor, Func<PipeConnection, Task> handle, CancellationToken turn)
    {
        try
        {
            while (!turn.IsCancellationRequested)
            {
                await handle(await acceptor.AcceptAsync(turn).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsOver(e))
        {
        }
    }

    private static async Task EndTurnAsync(string address, CancellationTokenSource turn)
    {
        try
        {
            var last = await PipeConnector.ConnectAsync(address, Timeout, turn.Token).ConfigureAwait(false);
            await using var scope = last.ConfigureAwait(false);
            await last.ReadAsync(turn.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOver(e))
        {
        }

        await turn.CancelAsync().ConfigureAwait(false);
    }

    private static bool IsOver(Exception e) => e is OperationCanceledException or TimeoutException or IOException or SocketException or UnauthorizedAccessException;
}
