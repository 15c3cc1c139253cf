namespace QueueLog.Queue;

/// <summary>What a queue's server says of itself.</summary>
/// <param name="Version">Its version.</param>
/// <param name="MaxMessage">How many bytes a message may have.</param>
internal sealed record QueueServer(Version Version, int MaxMessage)
{
    /// <summary>Whether it writes to the disk before it acknowledges: what it had acknowledged is there after a loss of power. Null where it does not tell.</summary>
    public bool? SyncsAlways { get; init; }
}

/// <param name="IsConnected">Whether there is a connection now.</param>
/// <param name="Since">Since when it is as it is: a timestamp of the engine's <see cref="TimeProvider"/>.</param>
internal readonly record struct QueueConnection(bool IsConnected, long Since);
