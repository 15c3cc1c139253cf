using NATS.Client.JetStream;
using QueueLog.Queue;

namespace QueueLog.Nats;

/// <summary>A chunk that was delivered.</summary>
internal sealed class NatsDelivery(NatsSession session, INatsJSMsg<byte[]> message) : IWorkDelivery
{
    /// <inheritdoc/>
    public string Chunk { get; } = RunNames.LastToken(message.Subject);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Payload => message.Data ?? [];

    /// <inheritdoc/>
    public Task AcknowledgeAsync(CancellationToken cancellation) => session.AskAsync(token => message.AckAsync(cancellationToken: token), cancellation);

    /// <inheritdoc/>
    public Task ReturnAsync(TimeSpan delay, CancellationToken cancellation) => session.AskAsync(token => message.NakAsync(new AckOpts { NakDelay = delay }, token), cancellation);

    /// <inheritdoc/>
    public Task ExtendAsync(CancellationToken cancellation) => session.AskAsync(token => message.AckProgressAsync(cancellationToken: token), cancellation);
}
