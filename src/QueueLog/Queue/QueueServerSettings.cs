namespace QueueLog.Queue;

/// <summary>What is asked for when the files of a server are made.</summary>
internal sealed record QueueServerSettings
{
    /// <summary>Where its files are to be; a full path.</summary>
    public required string Folder { get; init; }

    /// <summary>The name or the address by which the other machines reach it.</summary>
    public required string HostName { get; init; }

    /// <summary>Its port.</summary>
    public int Port { get; init; } = 4222;

    /// <summary>Whether connections are encrypted and the server proves who it is. Without, it listens on this machine's loopback only.</summary>
    public bool UsesTls { get; init; } = true;

    /// <summary>Those who use it: each sees only what is its own. Empty for one that has no name.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Whether it is to write to the disk before it acknowledges; from nats-server 2.10 on.</summary>
    public bool SyncsAlways { get; init; }
}
