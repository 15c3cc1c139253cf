namespace QueueLog.Queue;

/// <summary>What a queue's server says of itself.</summary>
/// <param name="Version">Its version.</param>
/// <param name="MaxMessage">How many bytes a message may have.</param>
internal sealed record QueueServer(Version Version, int MaxMessage)
{
    /// <summary>Whether it writes to the disk before it acknowledges: what it had acknowledged is there after a loss of power. Null where that is not known.</summary>
    public bool? SyncsAlways { get; init; }
}

/// <summary>The connection to a server. One that has stopped to answer is found out after up to 15 s.</summary>
/// <param name="IsConnected">Whether there is a connection now.</param>
/// <param name="Since">Since when it is as it is: a timestamp of the engine's <see cref="TimeProvider"/>.</param>
internal readonly record struct QueueConnection(bool IsConnected, long Since)
{
    /// <summary>Why the server lets nobody connect with this link at present, although it answers; null where it does not say so.</summary>
    public string? Refusal { get; init; }
}
