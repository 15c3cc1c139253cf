namespace QueueLog.Queue;

/// <summary>The files of a server, as they were made.</summary>
/// <param name="Configuration">What the server is started with.</param>
/// <param name="Links">The link file of each account.</param>
/// <param name="CertificateEnd">Until when its certificate is valid; null without TLS.</param>
internal sealed record QueueServerFolder(string Configuration, IReadOnlyList<string> Links, DateTimeOffset? CertificateEnd)
{
    private const string Authority = "authority.crt";
    private const string AuthorityKey = "authority.key";
    private const string Certificate = "server.crt";
    private const string CertificateKey = "server.key";
    private const string ConfigurationName = "nats.conf";
    private const string LinkExtension = ".qlink";
    private const string OnlyAccount = "queue";

    /// <summary>Whether a folder has the files of a server.</summary>
    public static bool IsThere(string folder) => File.Exists(Path.Combine(folder, ConfigurationName)) || File.Exists(Path.Combine(folder, AuthorityKey));

    /// <summary>Writes the files. An authority and keys that are there are kept, so that links that were given away go on to be good; all else is made anew.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be written.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The authority that is there is none.</exception>
    /// <exception cref="QueueLinkException">A link file that is there is none.</exception>
    /// <exception cref="FormatException">The key in a link file that is there is none.</exception>
    public static QueueServerFolder Write(QueueServerSettings settings, IQueueEngineFactory engine, DateTimeOffset now)
    {
        var folder = settings.Folder;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        IssuedCertificate? issued = null;
        string? authorityPem = null;
        if (settings.UsesTls)
        {
            using var authority = LoadOrCreateAuthority(folder, settings.HostName, now);
            authorityPem = authority.Certificate;
            issued = authority.Issue(settings.HostName, now);
            PrivateFile.Write(Path.Combine(folder, CertificateKey), issued.Key);
            PrivateFile.Write(Path.Combine(folder, Certificate), issued.Certificate);
        }

        var server = new Uri($"{(settings.UsesTls ? "tls" : "nats")}://{settings.HostName}:{settings.Port}");
        var links = new List<string>();
        var keys = new Dictionary<string, string>();
        foreach (var account in settings.Accounts.DefaultIfEmpty(OnlyAccount))
        {
            var path = Path.Combine(folder, settings.Accounts.Count == 0 ? $"{settings.HostName}{LinkExtension}" : $"{settings.HostName}-{account}{LinkExtension}");
            var key = File.Exists(path) && QueueLink.Read(path).Key is { } seed ? new QueueKey(seed, engine.GetPublicKey(seed)) : engine.CreateKey();
            new QueueLink { Servers = [server], Authority = authorityPem, Key = key.Seed, SyncsAlways = settings.SyncsAlways }.Write(path);
            links.Add(path);
            keys.Add(account, key.PublicKey);
        }

        // Last, as what says that all is there.
        var configuration = Path.Combine(folder, ConfigurationName);
        var certificate = issued is null ? default((string, string)?) : (Path.Combine(folder, Certificate), Path.Combine(folder, CertificateKey));
        PrivateFile.Write(configuration, engine.Configure(settings, keys, certificate));
        return new QueueServerFolder(configuration, links, issued?.End);
    }

    private static QueueAuthority LoadOrCreateAuthority(string folder, string name, DateTimeOffset now)
    {
        var certificate = Path.Combine(folder, Authority);
        var key = Path.Combine(folder, AuthorityKey);
        if (File.Exists(certificate) && File.Exists(key))
        {
            return QueueAuthority.Load(File.ReadAllText(certificate), File.ReadAllText(key));
        }

        var authority = QueueAuthority.Create(name, now);
        PrivateFile.Write(key, authority.ExportKey());
        PrivateFile.Write(certificate, authority.Certificate);
        return authority;
    }
}
