using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Owns a pipe name and a log: takes the records of all clients and is the only writer of its files.</summary>
public sealed class LogListener : IAsyncDisposable
{
    // Beyond the time given to a stop: for one more try of everything.
    private static readonly TimeSpan Unresponsive = TimeSpan.FromSeconds(5);

    private readonly ListenerParts parts;
    private readonly PipeAcceptor acceptor;
    private readonly ListenerIdentity identity;
    private readonly FailureLog failures;

    private readonly ListenerLevels levels;
    private readonly ClientTable table = new();
    private readonly Dispatcher dispatcher;
    private readonly CancellationTokenSource giveUp = new();
    private readonly SessionAcceptor clients;

    private readonly object gate = new();
    private Task? stopping;

    // Those that hold at present; changed under the gate.
    private volatile ListenerOptions options;
    private volatile ListenerState state = ListenerState.Running;

    private LogListener(ListenerOptions options, ListenerParts parts, PipeAcceptor acceptor, FailureLog failures)
    {
        this.options = options;
        this.parts = parts;
        this.acceptor = acceptor;
        this.failures = failures;
        levels = new ListenerLevels(options, parts);
        var offer = parts.Journals.Count > 0 ? new JournalOffer(parts.Journals[0].Path, options.RingCapacity, options.Overflow, options.OverflowLevel) : null;
        identity = new ListenerIdentity(Environment.ProcessId, ProcessContext.Identity.Name, parts.Name, parts.LogPath, options.MinimumLevel, offer)
        {
            FlushLevel = options.FlushLevel,
            WantsCaller = options.IncludeCaller || parts.Sinks.Any(sink => sink.WantsCaller),
            WantsProperties = parts.Sinks.Any(sink => sink.WantsProperties),
        };
        dispatcher = new Dispatcher(options, parts, failures, table, giveUp.Token);
        clients = new SessionAcceptor(acceptor, connection => new ListenerSession(connection, identity, levels, dispatcher.Events, failures), RunSessionAsync, failures);
        clients.Start(dispatcher.Recovered);
    }

    /// <summary>The listener's name.</summary>
    public string Name => parts.Name;

    /// <summary>Full path of the log, with its tokens; null when it only writes elsewhere.</summary>
    public string? Path => parts.LogPath;

    /// <summary>What <c>QUEUELOG_PIPE</c> holds for this listener: a socket path, or a pipe name on Windows.</summary>
    public string Address => acceptor.Address;

    /// <summary>Where it is in its life.</summary>
    public ListenerState State => state == ListenerState.Running && dispatcher.IsWaiting ? ListenerState.Waiting : state;

    /// <summary>The lowest level that is written. What no sink wants is kept back by the clients.</summary>
    public LogLevel MinimumLevel => options.MinimumLevel;

    /// <summary>The lowest level that is shown on the console; null without one.</summary>
    public LogLevel? ConsoleMinimumLevel => parts.ConsoleSink?.MinimumLevel;

    /// <summary>When it started, in local time.</summary>
    public DateTimeOffset Started { get; } = DateTimeOffset.Now;

    /// <summary>Records taken from all clients.</summary>
    public long Received => table.Received;

    /// <summary>Records written.</summary>
    public long Written => table.Written;

    /// <summary>Records that clients numbered and that never arrived, those they left out for want of room, and those for which they found no listener in time.</summary>
    public long Lost => table.Lost;

    /// <summary>Records that were not written because too many of their kind came in a second; the log says which.</summary>
    public long Limited => table.Limited;

    /// <summary>Most records of a kind that are written in a second; 0 for no limit.</summary>
    public int Limit => options.Limit.PerSecond;

    /// <summary>Which records are of a kind.</summary>
    public LimitBy LimitBy => options.Limit.By;

    /// <summary>The lowest level that is not limited.</summary>
    public LogLevel LimitLevel => options.Limit.LimitLevel;

    /// <summary>Each client: those connected, and the last thousand that have left.</summary>
    public IReadOnlyList<ClientStatistics> Clients => table.Clients;

    /// <summary>Each place it writes to.</summary>
    public IReadOnlyList<SinkStatistics> Sinks => parts.Sinks.Select(sink => sink.Statistics).ToArray();

    /// <summary>
    /// What went wrong in the listener itself, and with its clients: the last hundred of each, equal ones as one. By the time each came
    /// last, oldest first.
    /// </summary>
    public IReadOnlyList<Failure> Failures => failures.GetRecent();

    /// <summary>Completes when what an earlier listener of the log left is written.</summary>
    internal Task Recovered => dispatcher.Recovered;

    /// <summary>Starts to listen on a name that was claimed, which it owns from then on, like its parts.</summary>
    internal static LogListener Start(PipeAcceptor acceptor, ListenerOptions options, ListenerParts parts, FailureLog failures) => new(options, parts, acceptor, failures);

    /// <summary>
    /// Changes what it writes. What was handed over before goes by what was said before; what is handed over once this has
    /// completed goes by the change, and so do all clients that were there and have answered in time.
    /// </summary>
    /// <param name="change">Makes the new options of those that hold: levels and limit can be changed.</param>
    /// <param name="timeout">How long to wait for clients.</param>
    internal async Task ChangeAsync(Func<ListenerOptions, ListenerOptions> change, TimeSpan timeout)
    {
        Task taken;
        Task applied;
        lock (gate)
        {
            // Where two change it at once, the last one does so everywhere.
            options = change(options);
            taken = levels.Set(options);
            applied = dispatcher.ApplyAsync(options);
        }

        await Task.WhenAny(taken, Task.Delay(timeout)).ConfigureAwait(false);
        await applied.ConfigureAwait(false);
    }

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

    /// <summary>The listener's name.</summary>
    public override string ToString() => Name;

    private async Task StopCoreAsync(TimeSpan timeout)
    {
        // Order: no new connections; ask all clients to finish; close the events behind them; write it out; let the sinks finish
        // what they do aside; close them. The sinks' own code first: it may be about to connect, to say something for the first time.
        var codeLimit = new WaitLimit(timeout);
        state = ListenerState.Stopping;
        await DrainCodeAsync(codeLimit).ConfigureAwait(false);
        var open = await clients.StopAsync().ConfigureAwait(false);
        await DrainCodeAsync(codeLimit).ConfigureAwait(false);

        // What an earlier listener left goes before what its successor's clients write.
        await new WaitLimit(timeout).CompletesAsync(dispatcher.Recovered).ConfigureAwait(false);
        var limit = new WaitLimit(timeout);
        var closing = Task.WhenAll(open.Select(session => CloseSessionAsync(session.Key, session.Value)));
        if (!await limit.CompletesAsync(closing).ConfigureAwait(false))
        {
            foreach (var (session, running) in open)
            {
                if (!running.IsCompleted && session.HasGreeted)
                {
                    failures.ReportClient($"client {session.Client.Process} (pid {session.Client.Pid})", FailureSeverity.Final, $"Cut off: it did not finish within {timeout.TotalSeconds:0.#} s of being asked to; {(session.Source?.Ring is null ? "what it still held is lost" : "what it writes from now on waits in its journal for the log's next listener")}.", null);
                }
            }

            await giveUp.CancelAsync().ConfigureAwait(false);
            await closing.ConfigureAwait(false);
        }

        // A disk that is still full when the time is over keeps what it did not take: it stays in the journal. A file that does
        // not even answer is not waited for any longer either.
        using var end = new WaitLimit(timeout).CancelAtEnd(giveUp);
        dispatcher.Complete(limit.Left());
        if (await new WaitLimit(timeout + Unresponsive).CompletesAsync(dispatcher.Completion).ConfigureAwait(false))
        {
            // Old files not compressed when the time is over are left to the log's next listener.
            await limit.CompletesAsync(Task.WhenAll(parts.Sinks.Select(sink => sink.WhenIdle))).ConfigureAwait(false);

            foreach (var sink in parts.Sinks)
            {
                sink.Dispose();
            }

            foreach (var journal in parts.Journals)
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

    // Code of the user's may log to this very listener: what it has to say to the records that are here it says while it can.
    private async Task DrainCodeAsync(WaitLimit limit)
    {
        QueuedSink[] sinks = [.. parts.QueuedSinks.Where(sink => sink.HasCode)];
        if (sinks.Length > 0)
        {
            Task given;
            lock (gate)
            {
                given = dispatcher.ApplyAsync(options);
            }

            await limit.CompletesAsync(given).ConfigureAwait(false);
            var left = limit.Left();
            await limit.CompletesAsync(Task.WhenAll(sinks.Select(sink => Task.Run(() => sink.Drain(left))))).ConfigureAwait(false);
        }
    }

    private static async Task CloseSessionAsync(ListenerSession session, Task running)
    {
        _ = session.CloseAsync();
        await running.ConfigureAwait(false);
    }

    private async Task RunSessionAsync(ListenerSession session)
    {
        await session.RunAsync(options.GreetingTimeout, giveUp.Token).ConfigureAwait(false);
        if (session.HasGreeted)
        {
            // Behind everything it sent.
            await dispatcher.Events.WriteAsync(new SessionEvent(session, SessionEventKind.End), CancellationToken.None).ConfigureAwait(false);
        }
    }
}

/// <summary>Where a listener is in its life.</summary>
public enum ListenerState
{
    /// <summary>It takes records.</summary>
    Running,

    /// <summary>It takes records and cannot write them, for want of room on the disk, say: it tries again, and writers wait when the journals are full.</summary>
    Waiting,

    /// <summary>It takes no new clients and writes what was handed over.</summary>
    Stopping,

    /// <summary>Everything is written and closed.</summary>
    Stopped,
}
