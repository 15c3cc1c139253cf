using System.Management.Automation;
using System.Net;
using System.Security.Cryptography;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Queue;
using QueueLog.Queue;

namespace QueueLog.PowerShell.Commands;

/// <summary>Makes what a queue's server needs: authority, certificate, keys, configuration and link files.</summary>
[Cmdlet(VerbsCommon.New, "QueueServer", SupportsShouldProcess = true)]
[OutputType(typeof(QueueServerFiles))]
public sealed class NewQueueServerCommand : QueueLogCommand
{
    private const string Loopback = "127.0.0.1";
    private static readonly Version FirstThatSyncs = new(2, 10);

    /// <summary>The folder for the files; it is created where needed.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The name or the address by which the other machines reach the server. Default: the name of this machine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HostName { get; set; }

    /// <summary>The port of the server.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = 4222;

    /// <summary>Those who use the server, one account for each person. Default: one account.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Account { get; set; } = [];

    /// <summary>Connections are not encrypted, and come from this machine only.</summary>
    [Parameter]
    public SwitchParameter NoTls { get; set; }

    /// <summary>Makes certificate and configuration anew; keys that are there are kept.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var folder = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
        var hostName = HostName ?? (NoTls ? Loopback : Dns.GetHostName());
        Check(folder, hostName);
        if (!ShouldProcess(folder, "Write authority, certificate, keys, configuration and link files"))
        {
            return;
        }

        try
        {
            var engine = QueueEngines.Factory;
            var settings = new QueueServerSettings
            {
                Folder = folder,
                HostName = hostName,
                Port = Port,
                UsesTls = !NoTls,
                Accounts = Account,
                SyncsAlways = engine.FindInstalledServer() is not { } version || version >= FirstThatSyncs,
            };
            var files = QueueServerFolder.Write(settings, engine, DateTimeOffset.UtcNow);
            WriteObject(new QueueServerFiles
            {
                Configuration = files.Configuration,
                Link = [.. files.Links],
                HostName = hostName,
                Port = Port,
                UsesTls = settings.UsesTls,
                SyncsAlways = settings.SyncsAlways,
                CertificateEnd = files.CertificateEnd,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(QueueServerErrors.NotWritten(folder, e));
        }
        catch (Exception e) when (e is CryptographicException or QueueLinkException or FormatException)
        {
            ThrowTerminatingError(QueueServerErrors.Damaged(folder, e));
        }
    }

    private void Check(string folder, string hostName)
    {
        if (NoTls && hostName is not (Loopback or "localhost"))
        {
            ThrowTerminatingError(QueueServerErrors.NotLoopback(hostName));
        }

        if (Uri.CheckHostName(hostName) is not (UriHostNameType.Dns or UriHostNameType.IPv4))
        {
            ThrowTerminatingError(QueueServerErrors.InvalidHostName(hostName));
        }

        if (Account.FirstOrDefault(account => !QueueName.IsValid(account) || Account.Count(other => string.Equals(other, account, StringComparison.OrdinalIgnoreCase)) > 1) is { } invalid)
        {
            ThrowTerminatingError(QueueServerErrors.InvalidAccount(invalid));
        }

        if (!Force && QueueServerFolder.IsThere(folder))
        {
            ThrowTerminatingError(QueueServerErrors.Exists(folder));
        }
    }
}
