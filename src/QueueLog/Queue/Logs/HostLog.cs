using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.Spool;

namespace QueueLog.Queue.Logs;

/// <summary>A host's log of one run: a listener for its workers, a spool behind it, and what brings the spool to the queue.</summary>
internal sealed class HostLog : IAsyncDisposable
{
    // The lives of the host whose records are in the spool, one a line.
    private const string LivesFile = "lives";

    // A client that does not answer by then hears of a change when it goes on.
    private static readonly TimeSpan LevelTimeout = TimeSpan.FromSeconds(1);

    private readonly IQueueRun run;
    private readonly RecordSpool spool;
    private readonly LogListener listener;
    private readonly LogForwarder forwarder;
    private readonly object gate = new();
    private Task<bool>? stopping;

    // Of telling the end.
    private volatile string? endTrouble;
    private bool isGone;

    private HostLog(IQueueRun run, RecordSpool spool, LogListener listener, LogForwarder forwarder)
    {
        this.run = run;
        this.spool = spool;
        this.listener = listener;
        this.forwarder = forwarder;
    }

    /// <summary>What <c>QUEUELOG_PIPE</c> is for the workers.</summary>
    public string Address => listener.Address;

    /// <summary>The listener of the workers.</summary>
    public LogListener Listener => listener;

    /// <summary>Bytes that the queue does not have yet.</summary>
    public long Waiting => spool.Waiting;

    /// <summary>Why the queue takes no records at present; null while it does.</summary>
    public string? Trouble => endTrouble ?? forwarder.Trouble;

    /// <summary>Starts it. What an earlier life of this host left of the run goes first.</summary>
    /// <param name="engine">The queue.</param>
    /// <param name="run">The run.</param>
    /// <param name="options">Whose log.</param>
    /// <exception cref="IOException">The spool cannot be made or written, or another process of this host's name writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">Others may enter its folder.</exception>
    public static async Task<HostLog> StartAsync(IQueueEngine engine, IQueueRun run, HostLogOptions options)
    {
        var spool = new RecordSpool(HostSpools.FolderOf(options.Root, options.Host, run.Name)) { Host = options.Host, Capacity = options.Capacity };
        LogListener? listener = null;
        try
        {
            var failures = new FailureLog();
            listener = await ListenerFactory.StartAsync(new ListenerOptions
            {
                Name = options.Name ?? $"host-{Guid.NewGuid():n}"[..20],
                Spool = spool,
                MinimumLevel = options.MinimumLevel,
                IncludeCaller = options.IncludeCaller,
                Exits = options.Exits,
            }).ConfigureAwait(false);
            if (options.Incarnation.Length > 0)
            {
                await File.AppendAllTextAsync(Path.Combine(spool.Folder, LivesFile), options.Incarnation + "\n").ConfigureAwait(false);
            }

            return new HostLog(run, spool, listener, new LogForwarder(spool, run, engine.Server.MaxMessage, failures));
        }
        catch
        {
            if (listener is not null)
            {
                await listener.DisposeAsync().ConfigureAwait(false);
            }

            spool.Dispose();
            throw;
        }
    }

    /// <summary>Has the workers send what the submitter's listener writes from now on.</summary>
    /// <param name="level">Gives the lowest level as it is when the change is made; null where it stays.</param>
    public void ChangeLevel(Func<LogLevel?> level) =>
        _ = listener.ChangeAsync(present => present with { MinimumLevel = level() ?? present.MinimumLevel }, LevelTimeout);

    /// <summary>Brings what earlier lives of a host left of other runs to the queue; what nobody will read is removed.</summary>
    /// <param name="engine">The queue.</param>
    /// <param name="options">Whose.</param>
    /// <param name="timeout">How long for each; what is left then waits for the host's next start.</param>
    /// <param name="cancellation">Ends it between two.</param>
    public static async Task ForwardLeftAsync(IQueueEngine engine, HostLogOptions options, TimeSpan timeout, CancellationToken cancellation)
    {
        foreach (var run in HostSpools.FindRuns(options.Root, options.Host))
        {
            cancellation.ThrowIfCancellationRequested();

            // This life of the host has no part in it.
            var log = await StartAsync(engine, engine.OpenRun(run), options with { Incarnation = "" }).ConfigureAwait(false);
            await log.StopAsync(timeout).ConfigureAwait(false);
        }
    }

    /// <summary>Stops it: the workers' records are written, then brought to the queue, and the submitter is told that this is all. Later calls wait for the first.</summary>
    /// <param name="timeout">How long to wait for clients, and then for the queue. What it does not have by then stays in the spool, for the host's next start.</param>
    /// <returns>Whether the queue has everything.</returns>
    public Task<bool> StopAsync(TimeSpan timeout)
    {
        lock (gate)
        {
            // The folder may be the next life's by the second call.
            return stopping ??= StopCoreAsync(timeout);
        }
    }

    /// <summary>Stops it, waiting 10 s for clients and as long for the queue.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(false);

    private async Task<bool> StopCoreAsync(TimeSpan timeout)
    {
        await listener.StopAsync(timeout).ConfigureAwait(false);
        var limit = new WaitLimit(timeout);
        var isDone = await forwarder.HasSentAsync(limit).ConfigureAwait(false) && await TryTellEndAsync(limit).ConfigureAwait(false);
        await forwarder.StopAsync().ConfigureAwait(false);
        if (isDone || isGone || forwarder.IsGone)
        {
            spool.Delete();
        }
        else
        {
            spool.Dispose();
        }

        return isDone;
    }

    private async Task<bool> TryTellEndAsync(WaitLimit limit)
    {
        using var end = new CancellationTokenSource();
        using var timer = limit.CancelAtEnd(end);
        try
        {
            var path = Path.Combine(spool.Folder, LivesFile);
            string[] lives = File.Exists(path) ? await File.ReadAllLinesAsync(path, end.Token).ConfigureAwait(false) : [];
            foreach (var life in lives.Distinct())
            {
                await TellEndAsync(life, end.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (QueueException e) when (e.Fault == QueueFault.Gone)
        {
            isGone = true;
            return false;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private async Task TellEndAsync(string life, CancellationToken cancellation)
    {
        var content = new LogEnd(spool.Id, spool.Sent).Encode();
        await QueueCall.InsistAsync(() => run.PutBlobAsync(LogEnd.NameOf(spool.Host, life), content, cancellation), fault => endTrouble = fault?.Message, cancellation).ConfigureAwait(false);
    }
}
