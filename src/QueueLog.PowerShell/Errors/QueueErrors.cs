using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.Queue;
using QueueLog.Queue.Hosts;
using QueueLog.Queue.Submission;
using static QueueLog.PowerShell.Errors.ErrorFactory;

namespace QueueLog.PowerShell.Errors;

/// <summary>Those of queues over several machines, their hosts and their runs.</summary>
internal static class QueueErrors
{
    public static ErrorRecord LinkNotFound(string path) => New(
        "QueueLinkNotFound",
        ErrorCategory.ObjectNotFound,
        path,
        $"There is no link file '{path}'. New-QueueServer makes one on the machine of the server; copy it to this machine, and give -Queue its path.");

    public static ErrorRecord LinkUnreadable(string path, Exception inner) => New(
        "QueueLinkUnreadable",
        ErrorCategory.ReadError,
        path,
        $"The link file '{path}' cannot be read: {inner.Message} Give -Queue a link file that is yours.",
        inner);

    public static ErrorRecord LinkInvalid(string path, Exception inner) => New(
        "QueueLinkInvalid",
        ErrorCategory.InvalidData,
        path,
        $"'{path}' is no link file: {inner.Message} Give -Queue the file with the extension .qlink that New-QueueServer made.",
        inner);

    /// <summary>QueueUnreachable, QueueDenied, QueueFull, QueueUnsuitable, QueueRunGone: what the server did not do.</summary>
    public static ErrorRecord Failed(QueueException e, string link) => Failed(e.Fault, e.Message, link, e);

    public static ErrorRecord Failed(QueueFault fault, string reason, object? target, Exception? inner = null)
    {
        var (id, category, next) = IdOf(fault) switch
        {
            "QueueDenied" => ("QueueDenied", ErrorCategory.AuthenticationError, "Get the link file anew from the folder of the server."),
            "QueueFull" => ("QueueFull", ErrorCategory.LimitsExceeded, "Free space on the disk of the server, or raise max_file_store in its nats.conf."),
            "QueueUnsuitable" => ("QueueUnsuitable", ErrorCategory.NotInstalled, "Use nats-server 2.9.10 or later, with the nats.conf that New-QueueServer writes."),
            "QueueRunGone" => ("QueueRunGone", ErrorCategory.ObjectNotFound, "Run it again; with -JobLog and -Resume, what has ended is left out."),
            _ => ("QueueUnreachable", ErrorCategory.ConnectionError, "Check that nats-server runs, that the link names its machine and port, and that no firewall is between."),
        };
        return New(id, category, target, $"The queue: {reason.TrimEnd('.')}. {next}", inner);
    }

    public static string IdOf(QueueFault fault) => fault switch
    {
        QueueFault.Denied => "QueueDenied",
        QueueFault.Full => "QueueFull",
        QueueFault.Unsuitable => "QueueUnsuitable",
        QueueFault.Gone => "QueueRunGone",
        _ => "QueueUnreachable",
    };

    /// <summary>The id and the text of what ends a run on a queue; null for another failure.</summary>
    public static (string ErrorId, string Reason)? Describe(RunFailure failure) => failure switch
    {
        NoHostTakesPart { Hosts: { Length: 0 } } => ("NoHostTakesPart", "No host takes part in the run: the queue has none."),
        NoHostTakesPart(var hosts) => ("NoHostTakesPart", $"No host takes part in the run. {string.Join(' ', hosts.Select(static host => $"{host.Run}: {host.Reason.TrimEnd('.')}."))}"),
        QueueFailed(var fault, var reason) => (IdOf(fault), $"The queue: {reason}"),
        RunSuperseded(var machine) => ("RunSuperseded", $"Another session, on {machine}, goes on with the run."),
        _ => null,
    };

    public static ErrorRecord RunInUse(RunInUseException e) => New(
        "QueueRunInUse",
        ErrorCategory.ResourceBusy,
        e.Name,
        $"Process {e.Pid} on {e.Machine} is at the run '{e.Name}'. Wait until it has ended, or give this run another -Name.",
        e);

    public static ErrorRecord WarmPool() => New(
        "QueuePoolNotWarm",
        ErrorCategory.InvalidArgument,
        null,
        "There is nothing to run, and a pool on a queue does not stand warm. Give a -ScriptBlock or a -FilePath.");

    public static ErrorRecord NotResizable(string pool) => New(
        "QueuePoolNotResizable",
        ErrorCategory.InvalidOperation,
        pool,
        $"The workers of the pool '{pool}' are the hosts' of a queue. Start further hosts with Start-WorkerHost, or stop some with Stop-WorkerHost.");

    public static ErrorRecord HostNameInvalid(string name) => New(
        "WorkerHostNameInvalid",
        ErrorCategory.InvalidArgument,
        name,
        $"'{name}' cannot be the name of a host. Give -Name at most 100 characters, without / \\ @ * ? and without spaces at its ends.");

    public static ErrorRecord HostNameInUse(HostNameInUseException e) => New(
        "WorkerHostNameInUse",
        ErrorCategory.ResourceExists,
        e.Name,
        $"Process {e.Pid} on {e.Machine} is the host '{e.Name}' of the queue. Stop it there with Stop-WorkerHost, or give this one another -Name.",
        e);

    public static ErrorRecord HostNotFound(string name) => New(
        "WorkerHostNotRunning",
        ErrorCategory.ObjectNotFound,
        name,
        $"There is no host named '{name}'. Get-WorkerHost lists those of this session, and with -Queue those of a queue.");
}
