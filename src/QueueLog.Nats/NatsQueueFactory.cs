using NATS.NKeys;
using QueueLog.Queue;

namespace QueueLog.Nats;

/// <summary>What this assembly offers to whoever loads it.</summary>
internal sealed class NatsQueueFactory : IQueueEngineFactory
{
    /// <inheritdoc/>
    public async Task<IQueueEngine> ConnectAsync(QueueLink link, QueueEngineOptions options, CancellationToken cancellation)
    {
        try
        {
            _ = link.Key is { } seed ? GetPublicKey(seed) : null;
        }
        catch (FormatException e)
        {
            throw new QueueException(QueueFault.Denied, "The key of the link is none.", e);
        }

        return await NatsQueueEngine.ConnectAsync(link, options, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public QueueKey CreateKey()
    {
        using var pair = KeyPair.CreatePair(PrefixByte.User);
        return new QueueKey(pair.GetSeed(), pair.GetPublicKey());
    }

    /// <inheritdoc/>
    public string GetPublicKey(string seed)
    {
        try
        {
            using var pair = KeyPair.FromSeed(seed.AsSpan());
            return pair.GetPublicKey();
        }
        catch (Exception e) when (e is NKeysException or ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException("It is no seed of a key.", e);
        }
    }

    /// <inheritdoc/>
    public Version? FindInstalledServer() => NatsConfiguration.FindInstalledServer();

    /// <inheritdoc/>
    public string Configure(QueueServerSettings settings, IReadOnlyDictionary<string, string> keys, (string Path, string KeyPath)? certificate) =>
        NatsConfiguration.Compose(settings, keys, certificate);
}
