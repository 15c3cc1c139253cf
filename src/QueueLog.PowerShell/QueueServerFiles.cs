namespace QueueLog.PowerShell;

/// <summary>The files of a queue's server: what <c>New-QueueServer</c> gives.</summary>
public sealed class QueueServerFiles
{
    /// <summary>The file that nats-server is started with.</summary>
    public required string Configuration { get; init; }

    /// <summary>The link file of each account: what the hosts and the scripts of its person need.</summary>
    public required string[] Link { get; init; }

    /// <summary>The name or the address by which the other machines reach the server.</summary>
    public required string HostName { get; init; }

    /// <summary>Its port.</summary>
    public required int Port { get; init; }

    /// <summary>Whether connections are encrypted, and the server proves who it is.</summary>
    public required bool UsesTls { get; init; }

    /// <summary>Whether it is set up to write to the disk before it acknowledges.</summary>
    public required bool SyncsAlways { get; init; }

    /// <summary>Until when its certificate is valid; null without TLS.</summary>
    public DateTimeOffset? CertificateEnd { get; init; }
}
