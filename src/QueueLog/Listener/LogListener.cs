using System.Net.Sockets;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Owns a pipe name and a log: takes the records of all clients and is the only writer of its files.</summary>
public sealed class LogListener : IAsyncDisposable
{
    // Beyond the time given to a stop: for one more try of everything.
    private static readonly TimeSpan Unresponsive = TimeSpan.FromSeconds(5);

    private readonly ListenerOptions options;
    private readonly PipeAcceptor acceptor;
    private readonly ListenerIdentity identity;
    private readonly FailureLog failures;

    private readonly ClientBook book = new();
    private readonly SessionInbox inbox;
    private readonly Dispatcher dispatcher;
    private readonly CancellationTokenSource stopAccepting = new();
    private readonly CancellationTokenSource giveUp = new();
    private readonly Task accepting;

    private readonly object gate = new();
    private readonly Dictionary<ListenerSession, Task> sessions = [];
    private Task? stopping;
    private volatile ListenerState state = ListenerState.Running;

    private LogListener(ListenerOptions options, PipeAcceptor acceptor, FailureLog failures)
    {
        this.options = options;
        this.acceptor = acceptor;
        this.failures = failures;
        var offer = options.Journals.Count > 0 ? new JournalOffer(options.Journals[0].Path, options.RingCapacity, options.Overflow, options.KeepFrom) : null;
        identity = new ListenerIdentity(Environment.ProcessId, ProcessContext.Name, options.Name, options.LogPath, options.MinimumLevel, offer);
        inbox = new SessionInbox(options.InboxCapacity, book);
        dispatcher = new Dispatcher(options, inbox, failures, book, giveUp.Token);
        accepting = Task.Run(AcceptLoopAsync);
    }

    /// <summary>The listener's name.</summary>
    public string Name => options.Name;

    /// <summary>Full path of the log, with its tokens; null when it only writes to the console.</summary>
    public string? Path => options.LogPath;

    /// <summary>What <c>QUEUELOG_PIPE</c> holds for this listener: a socket path, or a pipe name on Windows.</summary>
    public string Address => acceptor.Address;

    /// <summary>Where it is in its life.</summary>
    public ListenerState State => state == ListenerState.Running && dispatcher.IsWaiting ? ListenerState.Waiting : state;

    /// <summary>Records below this level are kept back by the clients.</summary>
    public LogLevel MinimumLevel => options.MinimumLevel;

    /// <summary>When it started, in local time.</summary>
    public DateTimeOffset Started { get; } = DateTimeOffset.Now;

    /// <summary>Records taken from all clients.</summary>
    public long Received => book.Received;

    /// <summary>Records written.</summary>
    public long Written => book.Written;

    /// <summary>Records that clients numbered and that never arrived, and those they left out for want of room.</summary>
    public long Lost => book.Lost;

    /// <summary>Each client: those connected, and the last thousand that have left.</summary>
    public IReadOnlyList<ClientStatistics> Clients => book.Clients;

    /// <summary>What went wrong in the listener itself, oldest first; the last hundred.</summary>
    public IReadOnlyList<Failure> Failures => failures.GetRecent();

    /// <summary>Completes when what an earlier listener of the log left is written.</summary>
    internal Task Recovered => dispatcher.Recovered;

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
        state = ListenerState.Stopping;
        await stopAccepting.CancelAsync().ConfigureAwait(false);
        await accepting.ConfigureAwait(false);
        KeyValuePair<ListenerSession, Task>[] open;
        lock (gate)
        {
            open = [.. sessions];
        }

        // What an earlier listener left goes before what its successor's clients write.
        await Task.WhenAny(dispatcher.Recovered, Task.Delay(timeout)).ConfigureAwait(false);
        var closing = Task.WhenAll(open.Select(session => CloseSessionAsync(session.Key, session.Value)));
        if (await Task.WhenAny(closing, Task.Delay(timeout)).ConfigureAwait(false) != closing)
        {
            foreach (var (session, running) in open)
            {
                if (!running.IsCompleted && session.HasGreeted)
                {
                    failures.Report($"client {session.Client.Process} (pid {session.Client.Pid})", FailureSeverity.Final, $"Cut off: it did not finish within {timeout.TotalSeconds:0.#} s of being asked to; {(session.Source?.Ring is null ? "what it still held is lost" : "what it writes from now on waits in its journal for the log's next listener")}.", null);
                }
            }

            await giveUp.CancelAsync().ConfigureAwait(false);
            await closing.ConfigureAwait(false);
        }

        // A disk that is still full when the time is over keeps what it did not take: it stays in the journal. A file that does
        // not even answer is not waited for any longer either.
        giveUp.CancelAfter(timeout);
        dispatcher.Complete();
        if (await Task.WhenAny(dispatcher.Completion, Task.Delay(timeout + Unresponsive)).ConfigureAwait(false) == dispatcher.Completion)
        {
            foreach (var sink in options.Sinks)
            {
                sink.Dispose();
            }

            foreach (var journal in options.Journals)
            {
                journal.Dispose();
            }
        }
        else
        {
            failures.Report(Path ?? Name, FailureSeverity.Final, "The log does not answer: what it has not taken stays in the journal.", null);
        }

        await acceptor.DisposeAsync().ConfigureAwait(false);
        state = ListenerState.Stopped;
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
        await Task.WhenAny(dispatcher.Recovered, Task.Delay(Timeout.Infinite, stopAccepting.Token)).ConfigureAwait(false);
        var isRefused = false;
        while (!stopAccepting.IsCancellationRequested)
        {
            try
            {
                var connection = await acceptor.AcceptAsync(stopAccepting.Token).ConfigureAwait(false);
                isRefused = false;
                var session = new ListenerSession(connection, identity, inbox, failures);
                lock (gate)
                {
                    sessions.Add(session, Task.Run(() => RunSessionAsync(session)));
                }
            }
            catch (OperationCanceledException) when (stopAccepting.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // Out of file descriptors, most likely: connections that end give some back. Worth one report, however long it lasts.
                if (!isRefused)
                {
                    isRefused = true;
                    failures.Report("acceptor", FailureSeverity.Temporary, $"A connection could not be accepted: {e.Message}", e);
                }

                await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(200), stopAccepting.Token)).ConfigureAwait(false);
            }
        }
    }

    private async Task RunSessionAsync(ListenerSession session)
    {
        await session.RunAsync(options.GreetingTimeout, giveUp.Token).ConfigureAwait(false);
        if (session.HasGreeted)
        {
            // Behind everything it sent.
            await inbox.WriteAsync(new InboxEntry(session, InboxEntryKind.End), CancellationToken.None).ConfigureAwait(false);
        }

        lock (gate)
        {
            sessions.Remove(session);
        }
    }
}
