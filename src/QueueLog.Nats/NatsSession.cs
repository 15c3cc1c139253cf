using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using QueueLog.Queue;

namespace QueueLog.Nats;

/// <summary>A connection that is made again whenever it is lost, and the one way in which the server is asked.</summary>
internal sealed class NatsSession : IAsyncDisposable
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    // A consumer that reads in order is on one server of a cluster. A cluster may choose one that is dead, without an answer, and another one the next time.
    private static readonly TimeSpan PlaceTimeout = TimeSpan.FromSeconds(2);
    private const int Copies = 3;
    private readonly NatsConnection connection;
    private readonly QueueLink link;
    private StrongConnection state;
    private volatile string? violation;

    // One for each connection, cancelled when that is lost: nobody answers what was asked over it.
    private volatile CancellationTokenSource lost = new();

    private NatsSession(QueueLink link, QueueEngineOptions options)
    {
        this.link = link;
        Options = options;
        state = new StrongConnection(new QueueConnection(false, options.Time.GetTimestamp()));
        connection = new NatsConnection(new NatsOpts
        {
            Url = string.Join(',', link.Servers.Select(server => server.OriginalString)),
            Name = options.Name,
            PingInterval = PingInterval,
            RequestTimeout = options.Timeout,
            ConnectTimeout = options.Timeout,
            CommandTimeout = options.Timeout,
            ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
            ReconnectWaitMax = TimeSpan.FromSeconds(2),

            // A server that reads its keys anew may refuse for a moment; the client would give up for good at the second time.
            IgnoreAuthErrorAbort = true,
            AuthOpts = link.Key is { } seed ? new NatsAuthOpts { AuthCredCallback = (_, _) => ValueTask.FromResult(NatsAuthCred.FromNkey(seed)) } : NatsAuthOpts.Default,
            TlsOpts = link.IsSecure ? new NatsTlsOpts { Mode = TlsMode.Require, ConfigureClientAuthentication = Trust } : new NatsTlsOpts { Mode = TlsMode.Disable },
        });
        JetStream = new NatsJSContext(connection, new NatsJSOpts(connection.Opts));
        Placing = new NatsJSContext(connection, new NatsJSOpts(connection.Opts, requestTimeout: PlaceTimeout < options.Timeout ? PlaceTimeout : options.Timeout));
        connection.ConnectionOpened += (_, _) => Note(isConnected: true);
        connection.ConnectionDisconnected += async (_, _) =>
        {
            var former = lost;
            lost = new CancellationTokenSource();
            await Note(isConnected: false).ConfigureAwait(false);
            await former.CancelAsync().ConfigureAwait(false);
        };
        connection.ServerError += (_, error) =>
        {
            if (error.Error.Contains("permissions violation", StringComparison.OrdinalIgnoreCase))
            {
                violation = error.Error;
            }
            else if (NatsFaults.IsRefusal(error.Error) && Connection is { IsConnected: false } present)
            {
                Volatile.Write(ref state, new StrongConnection(present with { Refusal = NatsFaults.UnknownKey }));
            }

            return ValueTask.CompletedTask;
        };
    }

    public QueueEngineOptions Options { get; }

    public NatsJSContext JetStream { get; }

    /// <summary>For consumers that read in order.</summary>
    public NatsJSContext Placing { get; }

    public QueueConnection Connection => Volatile.Read(ref state).Value;

    public QueueServer Server { get; private set; } = new(new Version(), 0);

    /// <exception cref="QueueException">As <see cref="IQueueEngineFactory.ConnectAsync"/> says.</exception>
    public static async Task<NatsSession> ConnectAsync(QueueLink link, QueueEngineOptions options, CancellationToken cancellation)
    {
        var session = new NatsSession(link, options);
        try
        {
            await session.AskAsync(
                async token =>
                {
                    await session.connection.ConnectAsync().AsTask().WaitAsync(token).ConfigureAwait(false);
                    return true;
                },
                cancellation).ConfigureAwait(false);
            await session.Note(isConnected: true).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks the server, and waits no longer than the options allow and the connection lasts.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="bytes">How much is sent or comes back: a megabyte a second is allowed for it.</param>
    /// <exception cref="QueueException">It did not do it, or did not answer.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation, long bytes = 0)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lost.Token);
        deadline.CancelAfter(Options.Timeout + TimeSpan.FromSeconds(bytes / (1024 * 1024)));
        try
        {
            return await call(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw Unanswered(new QueueException(QueueFault.Unreachable, "The server does not answer.", e));
        }
        catch (Exception e) when (NatsFaults.Of(e) is { } fault)
        {
            throw Unanswered(fault);
        }
    }

    /// <inheritdoc cref="AskAsync{T}"/>
    public Task AskAsync(Func<CancellationToken, ValueTask> call, CancellationToken cancellation, long bytes = 0) => AskAsync(
        async token =>
        {
            await call(token).ConfigureAwait(false);
            return true;
        },
        cancellation,
        bytes);

    /// <summary>Has the server make something, of which three servers of a cluster are to have a copy, and two where the third one is away.</summary>
    /// <param name="create">Makes it, with so many copies.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when it was there already with other settings, which somebody may have changed on purpose.</returns>
    /// <exception cref="QueueException">It did not make it.</exception>
    public Task<bool> CreateAsync<T>(Func<int, CancellationToken, ValueTask<T>> create, CancellationToken cancellation) => AskAsync(
        async token =>
        {
            for (var copies = link.Servers.Count >= Copies ? Copies : 1; ; copies--)
            {
                try
                {
                    await create(copies, token).ConfigureAwait(false);
                    return true;
                }
                catch (NatsJSApiException e) when (e.Error.ErrCode == 10058)
                {
                    return false;
                }
                catch (NatsJSApiException e) when (NatsFaults.IsPeerAway(e.Error) && copies == Copies)
                {
                }
            }
        },
        cancellation);

    /// <summary>Reads a message of a stream from the server that leads it: another one of a cluster may be behind.</summary>
    /// <returns>Null where there is none.</returns>
    public Task<StoredMessage?> ReadAsync(string stream, StreamMsgGetRequest request, CancellationToken cancellation) => AskAsync(
        async token =>
        {
            try
            {
                return (await JetStream.JSRequestResponseAsync<StreamMsgGetRequest, StreamMsgGetResponse>($"$JS.API.STREAM.MSG.GET.{stream}", request, token).ConfigureAwait(false)).Message;
            }
            catch (NatsJSApiException e) when (e.Error.ErrCode == 10037)
            {
                return null;
            }
        },
        cancellation);

    /// <summary>Publishes to a stream, once: whoever called knows whether and how it may be repeated.</summary>
    public Task<PubAckResponse> PublishAsync(string subject, ReadOnlyMemory<byte> payload, string id, ulong? expectedLast, CancellationToken cancellation) => AskAsync(
        token => JetStream.PublishAsync(subject, payload, NatsRawSerializer<ReadOnlyMemory<byte>>.Default, new NatsJSPubOpts { MsgId = id, ExpectedLastSubjectSequence = expectedLast }, cancellationToken: token),
        cancellation);

    /// <summary>Whether the server has a stream.</summary>
    public Task<bool> ExistsAsync(string stream, CancellationToken cancellation) => AskAsync(
        async token =>
        {
            try
            {
                await JetStream.GetStreamAsync(stream, cancellationToken: token).ConfigureAwait(false);
                return true;
            }
            catch (NatsJSApiException e) when (e.Error.Code == 404)
            {
                return false;
            }
        },
        cancellation);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    // The server does not answer what it does not allow; it tells on the side.
    private QueueException Unanswered(QueueException fault) => fault.Fault != QueueFault.Unreachable ? fault
        : violation is { } told ? new QueueException(QueueFault.Denied, $"The server does not allow it: {told}.", fault.InnerException)
        : Connection.Refusal is { } refusal ? new QueueException(fault.Fault, refusal, fault.InnerException)
        : fault;

    private ValueTask Note(bool isConnected)
    {
        if (Connection.IsConnected != isConnected)
        {
            Volatile.Write(ref state, new StrongConnection(new QueueConnection(isConnected, Options.Time.GetTimestamp())));
        }

        if (isConnected && connection.ServerInfo is { } info)
        {
            var version = Version.TryParse(info.Version.Split('-')[0], out var number) ? number : new Version();
            bool? syncs = version < new Version(2, 10) ? false : link.SyncsAlways ? true : null;
            Server = new QueueServer(version, info.MaxPayload) { SyncsAlways = syncs };
        }

        return ValueTask.CompletedTask;
    }

    // No other authority than the link's: a certificate that any other gave out for this name is worth nothing.
    private ValueTask Trust(SslClientAuthenticationOptions tls)
    {
        tls.EnabledSslProtocols = SslProtocols.None;
        if (link.Authority is { } authority)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(authority);
            tls.CertificateChainPolicy = policy;
        }

        return ValueTask.CompletedTask;
    }

    // Read and written at once, which a struct of two fields is not.
    private sealed record StrongConnection(QueueConnection Value);
}
