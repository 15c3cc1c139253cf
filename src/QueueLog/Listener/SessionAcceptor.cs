using System.Net.Sockets;
using QueueLog.Diagnostics;
using QueueLog.Transport;

namespace QueueLog.Listener;

/// <summary>Accepts the clients of a listener and knows their sessions, each until it has ended.</summary>
/// <param name="acceptor">Accepts connections; owned by the listener.</param>
/// <param name="create">Makes the session of a connection.</param>
/// <param name="run">Runs a session to its end.</param>
/// <param name="failures">Where troubles go.</param>
internal sealed class SessionAcceptor(PipeAcceptor acceptor, Func<PipeConnection, ListenerSession> create, Func<ListenerSession, Task> run, FailureLog failures)
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stop = new();
    private readonly object gate = new();
    private readonly Dictionary<ListenerSession, Task> sessions = [];
    private Task accepting = Task.CompletedTask;

    /// <summary>Begins to accept once something else is done, or the end has come.</summary>
    public void Start(Task first) => accepting = Task.Run(() => AcceptLoopAsync(first));

    /// <summary>Accepts no more connections.</summary>
    /// <returns>The sessions there are.</returns>
    public async Task<KeyValuePair<ListenerSession, Task>[]> StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await accepting.ConfigureAwait(false);
        lock (gate)
        {
            return [.. sessions];
        }
    }

    private async Task AcceptLoopAsync(Task first)
    {
        await Task.WhenAny(first, Task.Delay(Timeout.Infinite, stop.Token)).ConfigureAwait(false);
        var isRefused = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var connection = await acceptor.AcceptAsync(stop.Token).ConfigureAwait(false);
                isRefused = false;
                Begin(connection);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // Out of file descriptors, most likely: connections that end give some back. Worth one report, however long it lasts.
                if (!isRefused)
                {
                    isRefused = true;
                    failures.Report("acceptor", FailureSeverity.Temporary, $"A connection could not be accepted: {e.Message}", e);
                }

                await Task.WhenAny(Task.Delay(RefusedPause, stop.Token)).ConfigureAwait(false);
            }
        }

        await LastConnections.HandleAllAsync(acceptor, connection => Begin(connection).CloseAsync()).ConfigureAwait(false);
    }

    private ListenerSession Begin(PipeConnection connection)
    {
        var session = create(connection);
        lock (gate)
        {
            sessions.Add(session, Task.Run(() => RunAsync(session)));
        }

        return session;
    }

    private async Task RunAsync(ListenerSession session)
    {
        await run(session).ConfigureAwait(false);
        lock (gate)
        {
            sessions.Remove(session);
        }
    }
}
