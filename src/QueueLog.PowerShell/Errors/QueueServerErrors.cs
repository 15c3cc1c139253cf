using System.Management.Automation;
using static QueueLog.PowerShell.Errors.ErrorFactory;

namespace QueueLog.PowerShell.Errors;

/// <summary>Those of the command that makes the files of a server.</summary>
internal static class QueueServerErrors
{
    public static ErrorRecord Exists(string path) => New(
        "QueueServerExists",
        ErrorCategory.ResourceExists,
        path,
        $"'{path}' has the files of a server already. With -Force its certificate and its configuration are made anew; its keys are kept, so that links go on to be good. For new keys, give another folder.");

    public static ErrorRecord NotWritten(string path, Exception inner) => New(
        "QueueServerNotWritten",
        ErrorCategory.WriteError,
        path,
        $"The files of the server cannot be written to '{path}': {inner.Message} Give -Path a folder that you may write to.",
        inner);

    public static ErrorRecord Damaged(string path, Exception inner) => New(
        "QueueServerDamaged",
        ErrorCategory.InvalidData,
        path,
        $"The authority or a link file in '{path}' is damaged: {inner.Message} Put it back from a backup, or give another folder for new keys.",
        inner);

    public static ErrorRecord NotLoopback(string hostName) => New(
        "QueueNeedsTls",
        ErrorCategory.SecurityError,
        hostName,
        $"Without TLS a server is reached from this machine only, and '{hostName}' is not 127.0.0.1 or localhost. Leave out -NoTls, or leave out -HostName.");

    public static ErrorRecord InvalidHostName(string hostName) => New(
        "QueueHostNameInvalid",
        ErrorCategory.InvalidArgument,
        hostName,
        $"'{hostName}' is no name or IPv4 address of a machine. Give -HostName what the other machines reach this one by, such as build1 or build1.example.com.");

    public static ErrorRecord InvalidAccount(string account) => New(
        "QueueAccountInvalid",
        ErrorCategory.InvalidArgument,
        account,
        $"'{account}' cannot be the name of an account, or is given twice. Give -Account names of letters, digits, hyphens and underscores.");
}
