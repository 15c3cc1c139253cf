using System.Threading.Channels;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Owns a pipe name and a log: takes the records of all clients and is the only writer of its files.</summary>
public sealed class LogListener : IAsyncDisposable
{
    // Clients that have left are listed one by one up to this many; the totals count them all.
    private const int MaxDepartedClients = 1000;

    private readonly ListenerOptions options;
    private readonly PipeAcceptor acceptor;
    private readonly ListenerIdentity identity;
    private readonly FailureLog failures;

    // Written by the sessions, read by the dispatcher, completed by the stop.
    private readonly Channel<InboxEntry> inbox;

    private readonly CancellationTokenSource stopAccepting = new();
    private readonly CancellationTokenSource giveUp = new();
    private readonly Task accepting;
    private readonly Task dispatching;

    private readonly object gate = new();
    private readonly Dictionary<ListenerSession, Task> sessions = [];
    private readonly Queue<ClientStatistics> departed = new();
    private long departedReceived;
    private long departedWritten;
    private long departedLost;
    private Task? stopping;

    private LogListener(ListenerOptions options, PipeAcceptor acceptor, FailureLog failures)
    {
        this.options = options;
        this.acceptor = acceptor;
        this.failures = failures;
        identity = new ListenerIdentity(Environment.ProcessId, ProcessContext.Name, options.Name, options.LogPath, options.MinimumLevel);
        inbox = Channel.CreateBounded<InboxEntry>(new BoundedChannelOptions(options.InboxCapacity)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
        dispatching = Task.Run(() => new Dispatcher(inbox.Reader, options.Sinks, failures, OnSessionEnded, giveUp.Token).RunAsync());
        accepting = Task.Run(AcceptLoopAsync);
    }

    /// <summary>The listener's name.</summary>
    public string Name => options.Name;

    /// <summary>Full path of the log, with its tokens; null when it only writes to the console.</summary>
    public string? Path => options.LogPath;

    /// <summary>What <c>QUEUELOG_PIPE</c> holds for this listener: a socket path, or a pipe name on Windows.</summary>
    public string Address => acceptor.Address;

    /// <summary>Where it is in its life.</summary>
    public ListenerState State { get; private set; } = ListenerState.Running;

    /// <summary>Records below this level are kept back by the clients.</summary>
    public LogLevel MinimumLevel => options.MinimumLevel;

    /// <summary>When it started, in local time.</summary>
    public DateTimeOffset Started { get; } = DateTimeOffset.Now;

    /// <summary>Records taken from all clients.</summary>
    public long Received => Sum(ref departedReceived, client => client.Received);

    /// <summary>Records written.</summary>
    public long Written => Sum(ref departedWritten, client => client.Written);

    /// <summary>Records that clients numbered and that never arrived.</summary>
    public long Lost => Sum(ref departedLost, client => client.Lost);

    /// <summary>Each client: those connected, and the last thousand that have left.</summary>
    public IReadOnlyList<ClientStatistics> Clients
    {
        get
        {
            lock (gate)
            {
                return [.. departed, .. sessions.Keys.Where(session => session.HasGreeted).Select(session => session.Statistics)];
            }
        }
    }

    /// <summary>What went wrong in the listener itself, oldest first; the last hundred.</summary>
    public IReadOnlyList<Failure> Failures => failures.GetRecent();

    /// <summary>Starts to listen on a name that was claimed, which it owns from then on, like the sinks.</summary>
    internal static LogListener Start(PipeAcceptor acceptor, ListenerOptions options, FailureLog failures) => new(options, acceptor, failures);

    /// <summary>
    /// Stops: no new clients; those connected send what they hold; everything is written; then the files are closed. Further
    /// calls wait for the same end.
    /// </summary>
    /// <param name="timeout">How long to wait for clients. One that has not finished by then is cut off and reported.</param>
    public Task StopAsync(TimeSpan timeout)
    {
        lock (gate)
        {
            return stopping ??= Task.Run(() => StopCoreAsync(timeout));
        }
    }

    /// <summary>Stops, waiting 10 s for clients.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(false);

    private async Task StopCoreAsync(TimeSpan timeout)
    {
        // Order: no new connections; ask all clients to finish; close the inbox behind them; write it out; close the sinks.
        State = ListenerState.Stopping;
        await stopAccepting.CancelAsync().ConfigureAwait(false);
        await accepting.ConfigureAwait(false);
        KeyValuePair<ListenerSession, Task>[] open;
        lock (gate)
        {
            open = [.. sessions];
        }

        var closing = Task.WhenAll(open.Select(session => CloseSessionAsync(session.Key, session.Value)));
        if (await Task.WhenAny(closing, Task.Delay(timeout)).ConfigureAwait(false) != closing)
        {
            foreach (var (session, running) in open)
            {
                if (!running.IsCompleted && session.HasGreeted)
                {
                    failures.Report($"client {session.Client.Process} (pid {session.Client.Pid})", FailureSeverity.Final, $"Cut off: it did not finish within {timeout.TotalSeconds:0.#} s of being asked to; what it still held is lost.", null);
                }
            }

            await giveUp.CancelAsync().ConfigureAwait(false);
            await closing.ConfigureAwait(false);
        }

        // A disk that is still full when the time is over keeps what it did not take; the sinks report it.
        inbox.Writer.Complete();
        giveUp.CancelAfter(timeout);
        await dispatching.ConfigureAwait(false);
        foreach (var sink in options.Sinks)
        {
            sink.Dispose();
        }

        await acceptor.DisposeAsync().ConfigureAwait(false);
        State = ListenerState.Stopped;
    }

    private static async Task CloseSessionAsync(ListenerSession session, Task running)
    {
        if (session.HasGreeted)
        {
            _ = session.CloseAsync();
        }
        else
        {
            // It has handed nothing over.
            await session.DisposeAsync().ConfigureAwait(false);
        }

        await running.ConfigureAwait(false);
    }

    private async Task AcceptLoopAsync()
    {
        while (!stopAccepting.IsCancellationRequested)
        {
            try
            {
                var connection = await acceptor.AcceptAsync(stopAccepting.Token).ConfigureAwait(false);
                var session = new ListenerSession(connection, identity, inbox.Writer, failures);
                lock (gate)
                {
                    sessions.Add(session, Task.Run(() => RunSessionAsync(session)));
                }
            }
            catch (OperationCanceledException) when (stopAccepting.IsCancellationRequested)
            {
                return;
            }
            catch (IOException e)
            {
                // Out of file descriptors, most likely: connections that end give some back.
                failures.Report("acceptor", FailureSeverity.Temporary, $"A connection could not be accepted: {e.Message}", e);
                await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(200), stopAccepting.Token)).ConfigureAwait(false);
            }
        }
    }

    private async Task RunSessionAsync(ListenerSession session)
    {
        await session.RunAsync(options.GreetingTimeout, giveUp.Token).ConfigureAwait(false);

        // Behind its last batch, so that its counts are final when it is moved to those that have left.
        await inbox.Writer.WriteAsync(InboxEntry.OfEnd(session), CancellationToken.None).ConfigureAwait(false);
    }

    private void OnSessionEnded(ListenerSession session)
    {
        var last = session.Statistics;
        lock (gate)
        {
            sessions.Remove(session);
            if (!session.HasGreeted)
            {
                return;
            }

            departedReceived += last.Received;
            departedWritten += last.Written;
            departedLost += last.Lost;
            departed.Enqueue(last);
            if (departed.Count > MaxDepartedClients)
            {
                departed.Dequeue();
            }
        }
    }

    private long Sum(ref long fromDeparted, Func<ClientStatistics, long> of)
    {
        lock (gate)
        {
            return fromDeparted + sessions.Keys.Sum(session => of(session.Statistics));
        }
    }
}
