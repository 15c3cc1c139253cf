using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore;
using QueueLog.Queue;
using QueueLog.Sinks;

namespace QueueLog.Nats;

/// <summary>A queue on a NATS server with JetStream, or on a cluster of them.</summary>
internal sealed class NatsQueueEngine : IQueueEngine
{
    private static readonly Version Oldest = new(2, 9, 10);
    private static readonly TimeSpan HeartbeatAge = TimeSpan.FromSeconds(60);
    private readonly NatsSession session;
    private readonly NatsTable runs;
    private readonly NatsTable hosts;

    private NatsQueueEngine(NatsSession session)
    {
        this.session = session;
        runs = new NatsTable(session, "QL-runs", TimeSpan.Zero);
        hosts = new NatsTable(session, "QL-hosts", HeartbeatAge);
    }

    /// <inheritdoc/>
    public QueueServer Server => session.Server;

    /// <inheritdoc/>
    public QueueConnection Connection => session.Connection;

    /// <inheritdoc/>
    public IQueueTable Runs => runs;

    /// <inheritdoc/>
    public IQueueTable Hosts => hosts;

    public static async Task<NatsQueueEngine> ConnectAsync(QueueLink link, QueueEngineOptions options, CancellationToken cancellation)
    {
        var session = await NatsSession.ConnectAsync(link, options, cancellation).ConfigureAwait(false);
        try
        {
            if (session.Server.Version < Oldest)
            {
                throw new QueueException(QueueFault.Unsuitable, $"The server is nats-server {session.Server.Version}; {Oldest} is the oldest that serves.");
            }

            var engine = new NatsQueueEngine(session);
            var since = options.Time.GetTimestamp();
            for (var pause = default(RetryPause); !await engine.TryPrepareAsync(options.Time.GetElapsedTime(since) < options.Timeout, cancellation).ConfigureAwait(false);)
            {
                await Task.Delay(pause.Next(), cancellation).ConfigureAwait(false);
            }

            return engine;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IQueueRun> CreateRunAsync(string run, CancellationToken cancellation)
    {
        var names = new RunNames(run);
        var options = session.Options;
        await CreateStreamAsync(Config(names.Work, names.WorkSubject("*"), StreamConfigRetention.Workqueue, options.MaxWorkBytes, TimeSpan.Zero), cancellation).ConfigureAwait(false);
        await CreateStreamAsync(Config(names.Done, names.DoneSubject("*"), StreamConfigRetention.Limits, -1, options.MaxAge), cancellation).ConfigureAwait(false);
        await CreateStreamAsync(Config(names.Log, names.LogSubject("*"), StreamConfigRetention.Limits, options.MaxLogBytes, TimeSpan.Zero), cancellation).ConfigureAwait(false);
        await session.AskAsync(token => session.JetStream.CreateOrUpdateConsumerAsync(names.Work, NatsQueueRun.Hosts, token), cancellation).ConfigureAwait(false);
        var blobs = new NatsObjContext(session.JetStream);
        await session.CreateAsync((copies, token) => blobs.CreateObjectStoreAsync(new NatsObjConfig(names.Blobs) { MaxAge = options.MaxAge, NumberOfReplicas = copies }, token), cancellation).ConfigureAwait(false);
        return new NatsQueueRun(session, names);
    }

    /// <inheritdoc/>
    public IQueueRun OpenRun(string run) => new NatsQueueRun(session, new RunNames(run));

    /// <inheritdoc/>
    public async Task DeleteRunAsync(string run, CancellationToken cancellation)
    {
        // The histories last: as long as they are there, the run can be found and removed.
        var names = new RunNames(run);
        foreach (var stream in new[] { names.Work, names.Log, names.BlobStream, names.Done })
        {
            try
            {
                await session.AskAsync(token => session.JetStream.DeleteStreamAsync(stream, token), cancellation).ConfigureAwait(false);
            }
            catch (QueueException e) when (e.Fault == QueueFault.Gone)
            {
            }
        }

        await runs.DeleteAsync(run, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> GetRunsAsync(CancellationToken cancellation) => session.AskAsync<IReadOnlyList<string>>(
        async token =>
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var stream in session.JetStream.ListStreamNamesAsync(cancellationToken: token).ConfigureAwait(false))
            {
                if (RunNames.OfStream(stream) is { } run)
                {
                    found.Add(run);
                }
            }

            token.ThrowIfCancellationRequested();
            return [.. found];
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    // A cluster whose leader has just died, or that has just started, has none for some seconds.
    private async Task<bool> TryPrepareAsync(bool maySayNo, CancellationToken cancellation)
    {
        try
        {
            // Says whether there is JetStream at all, and that this account may use it.
            await session.AskAsync(session.JetStream.GetAccountInfoAsync, cancellation).ConfigureAwait(false);
            await runs.CreateAsync(cancellation).ConfigureAwait(false);
            await hosts.CreateAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (QueueException e) when (e.Fault == QueueFault.Unreachable && maySayNo)
        {
            return false;
        }
    }

    private static StreamConfig Config(string name, string subject, StreamConfigRetention retention, long maxBytes, TimeSpan maxAge) => new(name, [subject])
    {
        Retention = retention,
        Storage = StreamConfigStorage.File,
        Discard = StreamConfigDiscard.New,
        MaxBytes = maxBytes,
        MaxAge = maxAge,
        DuplicateWindow = TimeSpan.FromMinutes(2),
    };

    // A server leaves out what it does not know, without a word: what it made is compared with what was asked for.
    private async Task CreateStreamAsync(StreamConfig asked, CancellationToken cancellation)
    {
        await session.CreateAsync((copies, token) => session.JetStream.CreateStreamAsync(asked with { NumReplicas = copies }, token), cancellation).ConfigureAwait(false);
        var made = (await session.AskAsync(token => session.JetStream.GetStreamAsync(asked.Name!, cancellationToken: token), cancellation).ConfigureAwait(false)).Info.Config;
        if (made.Retention != asked.Retention || made.Storage != asked.Storage || made.Discard != asked.Discard || made.DuplicateWindow != asked.DuplicateWindow || !made.Subjects!.SequenceEqual(asked.Subjects!))
        {
            throw new QueueException(QueueFault.Unsuitable, $"The stream '{asked.Name}' on the server is not as it must be.");
        }
    }
}
