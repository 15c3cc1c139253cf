namespace QueueLog.Queue;

/// <summary>The way to an engine, which is in an assembly that is loaded only when it is asked for.</summary>
internal interface IQueueEngineFactory
{
    /// <summary>Connects to the server of a link.</summary>
    /// <exception cref="QueueException">It cannot be reached, is not the one that the link is for, does not know the link's key, or cannot serve.</exception>
    Task<IQueueEngine> ConnectAsync(QueueLink link, QueueEngineOptions options, CancellationToken cancellation);

    /// <summary>Makes a key for a link, from chance.</summary>
    QueueKey CreateKey();

    /// <summary>The public part of a key.</summary>
    /// <exception cref="FormatException">The seed is none.</exception>
    string GetPublicKey(string seed);

    /// <summary>The version of the server that is installed on this machine.</summary>
    /// <returns>Null where none is found.</returns>
    Version? FindInstalledServer();

    /// <summary>What a server is started with.</summary>
    /// <param name="settings">As asked for.</param>
    /// <param name="keys">The public key of each account.</param>
    /// <param name="certificate">Paths of the server's certificate and of its secret; null without TLS.</param>
    string Configure(QueueServerSettings settings, IReadOnlyDictionary<string, string> keys, (string Path, string KeyPath)? certificate);
}

/// <param name="Seed">The secret: for the link alone.</param>
/// <param name="PublicKey">What the server knows it by.</param>
internal sealed record QueueKey(string Seed, string PublicKey);
