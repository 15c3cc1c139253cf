using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QueueLog.Queue;

/// <summary>What a machine needs to reach a queue: the content of a link file. Who has it may run code on every host of the queue.</summary>
internal sealed record QueueLink
{
    private const long MaxLength = 1024 * 1024;

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Addresses of the servers, as <c>tls://build1:4222</c>, or <c>nats://127.0.0.1:4222</c> without TLS. The servers of a cluster serve alike.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>Certificate, as PEM, of the only authority that is trusted; null for those that the machine trusts.</summary>
    public string? Authority { get; init; }

    /// <summary>Seed of the key that proves who asks; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>Whether its servers were set up to write to the disk before they acknowledge.</summary>
    public bool SyncsAlways { get; init; }

    /// <summary>Whether the connection is encrypted, and the server proves who it is.</summary>
    public bool IsSecure => Servers.All(server => server.Scheme == "tls");

    /// <summary>Reads a link file.</summary>
    /// <exception cref="QueueLinkException">It is not one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static QueueLink Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > MaxLength)
        {
            throw new QueueLinkException("It is too large for a link file.");
        }

        var content = new byte[file.Length];
        file.ReadExactly(content);
        return Parse(content);
    }

    /// <summary>Writes a link file that only this user can read; one that is there is replaced.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string path)
    {
        var content = new LinkFile { QueueLogLink = LinkFile.Version, Servers = [.. Servers.Select(server => server.OriginalString)], Authority = Authority, Key = Key, SyncsAlways = SyncsAlways };
        PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, Format));
    }

    /// <summary>Takes a link from the content of a file.</summary>
    /// <exception cref="QueueLinkException">It is none.</exception>
    public static QueueLink Parse(ReadOnlySpan<byte> content)
    {
        LinkFile? file;
        try
        {
            file = JsonSerializer.Deserialize<LinkFile>(content, Format);
        }
        catch (JsonException e)
        {
            throw new QueueLinkException("It is not JSON as New-QueueServer writes it.", e);
        }

        return file?.QueueLogLink switch
        {
            null => throw new QueueLinkException("It has no 'queueLogLink'."),
            not LinkFile.Version => throw new QueueLinkException($"It is of version {file.QueueLogLink}; this module knows version {LinkFile.Version}."),
            _ => new QueueLink { Servers = ParseServers(file.Servers), Authority = CheckAuthority(file.Authority), Key = file.Key, SyncsAlways = file.SyncsAlways },
        };
    }

    private static Uri[] ParseServers(string[]? servers) => servers is { Length: > 0 }
        ? Array.ConvertAll(servers, server =>
            Uri.TryCreate(server, UriKind.Absolute, out var uri) && uri is { Scheme: "tls" or "nats", Host.Length: > 0, UserInfo: "" } && uri.AbsolutePath is "" or "/"
                ? uri
                : throw new QueueLinkException($"'{server}' is no address of a server."))
        : throw new QueueLinkException("It names no server.");

    private static string? CheckAuthority(string? pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            return pem is null || certificates.Count > 0 ? pem : throw new QueueLinkException("Its authority is no certificate.");
        }
        catch (CryptographicException e)
        {
            throw new QueueLinkException("Its authority is no certificate.", e);
        }
    }

    private sealed class LinkFile
    {
        public const int Version = 1;

        public int? QueueLogLink { get; set; }

        public string[]? Servers { get; set; }

        public string? Authority { get; set; }

        public string? Key { get; set; }

        public bool SyncsAlways { get; set; }
    }
}

/// <summary>A file is not a link file.</summary>
internal sealed class QueueLinkException(string message, Exception? inner = null) : Exception(message, inner);
