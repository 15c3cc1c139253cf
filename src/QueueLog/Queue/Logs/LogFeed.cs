using System.Collections.Concurrent;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.Spool;
using QueueLog.Wire;

namespace QueueLog.Queue.Logs;

/// <summary>Brings the hosts' records of a run from the queue into a log: hands them to its listener, and has the queue forget what is in the log.</summary>
internal sealed class LogFeed : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    // A release for each batch would be a request for each.
    private static readonly TimeSpan ReleasePause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan EndPause = TimeSpan.FromMilliseconds(200);

    private readonly IQueueRun run;
    private readonly Func<string?> address;
    private readonly FailureLog failures;
    private readonly Action<LogLevel> levelChanged;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> heard = new(StringComparer.Ordinal);
    private readonly DateTimeOffset started = DateTimeOffset.Now;
    private readonly Task running;
    private volatile FeedConnection? connection;

    private LogFeed(IQueueRun run, Func<string?> address, FailureLog failures, Action<LogLevel> levelChanged)
    {
        this.run = run;
        this.address = address;
        this.failures = failures;
        this.levelChanged = levelChanged;
        running = Task.Run(RunAsync);
    }

    /// <summary>Why nothing comes into the log at present; null while it does.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Starts to take the hosts' records of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="address">Where the listener of the log listens at present; null while there is none. Asked again when it has ended.</param>
    /// <param name="failures">Told of troubles.</param>
    /// <param name="levelChanged">Hears the lowest level that the listener writes, now and whenever that changes. Default: nobody.</param>
    public static LogFeed Start(IQueueRun run, Func<string?> address, FailureLog failures, Action<LogLevel>? levelChanged = null) => new(run, address, failures, levelChanged ?? (static _ => { }));

    /// <summary>Waits until the log has all records of hosts whose work for the run is done, and ends.</summary>
    /// <param name="hosts">The hosts, and of each the life that took part last.</param>
    /// <param name="timeout">How long to wait for all of them.</param>
    /// <returns>Those whose log is missing; the log says so, too.</returns>
    public async Task<IReadOnlyList<MissingHostLog>> EndAsync(IReadOnlyCollection<(string Host, string Incarnation)> hosts, TimeSpan timeout)
    {
        IReadOnlyList<MissingHostLog> missing;
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token))
        using (new WaitLimit(timeout).CancelAtEnd(end))
        {
            // All at once: the time for one that is gone is not to be over for the rest.
            var haveEnded = await Task.WhenAll(hosts.Select(host => HasEndedAsync(host.Host, host.Incarnation, end.Token))).ConfigureAwait(false);
            missing = [.. hosts.Zip(haveEnded).Where(pair => !pair.Second).Select(pair => new MissingHostLog(pair.First.Host, heard.GetValueOrDefault(pair.First.Host, started)))];
        }

        foreach (var (host, since) in missing)
        {
            await TrySendMissingAsync(host, since).ConfigureAwait(false);
        }

        await DisposeAsync().ConfigureAwait(false);
        return missing;
    }

    /// <summary>Ends it; what is not in the log stays in the queue.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private async Task<bool> HasEndedAsync(string host, string incarnation, CancellationToken cancellation)
    {
        LogEnd? end = null;
        while (!running.IsCompleted)
        {
            try
            {
                end ??= await run.GetBlobAsync(LogEnd.NameOf(host, incarnation), LogEnd.MaxLength, cancellation).ConfigureAwait(false) is { } content ? LogEnd.Decode(content) : null;
                if (end is not null && connection is { } present
                    && await present.AskAsync(FeedCodec.KeyOf(host, end.Spool), cancellation).ConfigureAwait(false) >= end.Position.Value)
                {
                    return true;
                }

                await Task.Delay(EndPause, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ProtocolException or InvalidDataException or QueueException { Fault: QueueFault.Gone })
            {
                return false;
            }
            catch (Exception e) when (e is QueueException or IOException or InvalidOperationException)
            {
                await Task.WhenAny(Task.Delay(EndPause, cancellation)).ConfigureAwait(false);
            }
        }

        return false;
    }

    private async Task TrySendMissingAsync(string host, DateTimeOffset since)
    {
        try
        {
            if (connection is { } present)
            {
                await present.SendMissingAsync(host, since, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The caller is told, too.
        }
    }

    private async Task RunAsync()
    {
        for (var pause = default(RetryPause); !stop.IsCancellationRequested;)
        {
            try
            {
                if (address() is { } listener)
                {
                    await RunAsync(listener).ConfigureAwait(false);
                    pause = default;
                }
            }
            catch (OperationCanceledException)
            {
                // Stopped, or the listener has ended: perhaps there is another.
            }
            catch (QueueException e) when (e.Fault == QueueFault.Gone)
            {
                return;
            }
            catch (Exception e) when (e is QueueException or IOException or TimeoutException or ProtocolException or UnauthorizedAccessException or InvalidOperationException)
            {
                if (Trouble != e.Message)
                {
                    Trouble = e.Message;
                    failures.Report($"log of {run.Name}", FailureSeverity.Temporary, $"The hosts' records do not reach the log at present; they wait in the queue: {e.Message}", e);
                }
            }

            await Task.WhenAny(Task.Delay(pause.Next(), stop.Token)).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(string listener)
    {
        var window = new FeedWindow();
        var present = await FeedConnection.ConnectAsync(listener, ConnectTimeout, (key, position) => window.Commit(key, new SpoolPosition(position)), levelChanged, stop.Token).ConfigureAwait(false);
        await using var scope = present.ConfigureAwait(false);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, present.Ended);
        connection = present;
        var releasing = ReleaseLoopAsync(window, end.Token);
        try
        {
            var tracks = new Dictionary<string, FeedTrack>(StringComparer.Ordinal);
            await foreach (var message in run.FollowLogAsync(end.Token).ConfigureAwait(false))
            {
                Trouble = null;
                heard[message.Host] = DateTimeOffset.Now;
                await HandAsync(present, window, tracks, message, end.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            connection = null;
            await end.CancelAsync().ConfigureAwait(false);
            await releasing.ConfigureAwait(false);
        }
    }

    private async Task HandAsync(FeedConnection present, FeedWindow window, Dictionary<string, FeedTrack> tracks, LogMessage message, CancellationToken cancellation)
    {
        LogPacket packet;
        try
        {
            packet = LogPacket.Decode(message.Lines);
        }
        catch (ProtocolException e)
        {
            failures.ReportClient($"host {message.Host}", FailureSeverity.Permanent, $"What it sent is no part of a log, and was passed over: {e.Message}", e);
            return;
        }

        var key = FeedCodec.KeyOf(message.Host, packet.Spool);
        if (!tracks.TryGetValue(key, out var track))
        {
            // What is in the log already may come again.
            track = tracks[key] = new FeedTrack(new SpoolPosition(await present.AskAsync(key, cancellation).ConfigureAwait(false)));
        }

        await window.WaitForRoomAsync(cancellation).ConfigureAwait(false);
        var part = track.Accept(packet);
        window.Add(message.Sequence, key, packet.End, part?.Records.Length ?? 0);
        if (part is not null)
        {
            await present.SendAsync(key, part.Previous.Value, part.Start.Value, part.Records, cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReleaseLoopAsync(FeedWindow window, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await window.WaitForDoneAsync(cancellation).ConfigureAwait(false);
                try
                {
                    var done = window.GetDone();
                    await run.ReleaseLogAsync(done, cancellation).ConfigureAwait(false);
                    window.MarkReleased(done.Count);
                }
                catch (QueueException e) when (e.Fault != QueueFault.Gone)
                {
                    // It is asked again; what comes twice is dropped.
                }

                await Task.Delay(ReleasePause, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or QueueException)
        {
        }
    }
}

/// <summary>A host whose log has not come to its end.</summary>
/// <param name="Host">The host.</param>
/// <param name="Since">When something came of it last.</param>
internal sealed record MissingHostLog(string Host, DateTimeOffset Since);
