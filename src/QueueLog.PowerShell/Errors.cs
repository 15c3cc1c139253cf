using System.Management.Automation;
using QueueLog.Listener;

namespace QueueLog.PowerShell;

/// <summary>Every ErrorRecord of the module. Ids are API; each message ends in the next thing to try.</summary>
internal static partial class Errors
{
    public static ErrorRecord ListenerNameInUse(string name, string? owner, Exception inner) => New(
        "ListenerNameInUse",
        ErrorCategory.ResourceExists,
        name,
        $"The listener name '{name}' is in use{By(owner)}. Give another -Name, or stop that listener.",
        inner);

    public static ErrorRecord LogFileInUse(string path, string? owner, Exception inner) => New(
        "LogFileInUse",
        ErrorCategory.ResourceBusy,
        path,
        $"The log file '{path}' is written by {(owner is null ? "another listener" : $"the listener of {owner}")}. Give another -Path, or log to that listener by setting QUEUELOG_PIPE to its address.",
        inner);

    public static ErrorRecord InvalidListenerName(string name, Exception inner) => New(
        "InvalidListenerName",
        ErrorCategory.InvalidArgument,
        name,
        $"{inner.Message} Give a short -Name of letters, digits, '.', '-' and '_'.",
        inner);

    public static ErrorRecord InvalidTemplate(string template, Exception inner) => New(
        "InvalidTemplate",
        ErrorCategory.InvalidArgument,
        template,
        $"{inner.Message} A template looks like '{{Timestamp:HH:mm:ss}} {{Level,-8}} {{Message}}'; write {{{{ for a brace.",
        inner);

    public static ErrorRecord LogPathUnusable(string path, Exception inner) => New(
        "LogPathUnusable",
        ErrorCategory.OpenError,
        path,
        $"{inner.Message} Give a -Path to a file in a folder this user may write to.",
        inner);

    public static ErrorRecord LogPathNotInFileSystem(string path) => New(
        "LogPathNotInFileSystem",
        ErrorCategory.InvalidArgument,
        path,
        $"'{path}' is not a file system path. Give a -Path on a file system drive.");

    public static ErrorRecord NothingToWriteTo() => New(
        "NothingToWriteTo",
        ErrorCategory.InvalidArgument,
        null,
        "The listener would write nowhere. Give a -Path, or -Console, or both.");

    public static ErrorRecord StateFolderUnusable(Exception inner) => New(
        "StateFolderUnusable",
        ErrorCategory.PermissionDenied,
        null,
        $"QueueLog's folder for sockets and locks cannot be used: {inner.Message} Set QUEUELOG_STATE to a folder that only this user can write to.",
        inner);

    public static ErrorRecord ListenerStartFailed(string name, Exception inner) => New(
        "ListenerStartFailed",
        ErrorCategory.OpenError,
        name,
        $"The listener '{name}' could not be started: {inner.Message} Give another -Name, or set QUEUELOG_STATE to another folder.",
        inner);

    public static ErrorRecord ListenerNotFound(string name) => New(
        "ListenerNotFound",
        ErrorCategory.ObjectNotFound,
        name,
        $"There is no running listener named '{name}' in this session. Get-LogListener shows those there are.");

    public static ErrorRecord ListenerStopped(string name) => New(
        "ListenerStopped",
        ErrorCategory.InvalidOperation,
        name,
        $"The listener '{name}' has been stopped or does not answer; the record was shown instead. Start one with Start-LogListener.");

    public static ErrorRecord InvalidListenerArgument(object value) => New(
        "InvalidListenerArgument",
        ErrorCategory.InvalidArgument,
        value,
        $"'{value}' is no listener. Give -Listener an object from Start-LogListener or Get-LogListener, the name of a listener, or its address.");

    public static ErrorRecord RecordTruncated(int characters) => New(
        "RecordTruncated",
        ErrorCategory.LimitsExceeded,
        characters,
        $"A record with a message of {characters} characters is longer than a record can be; its beginning was logged, with a note of what is missing. Write large data to a file of its own and log the path.");

    public static ErrorRecord InvalidRecord(object value, Exception inner) => New(
        "InvalidRecord",
        ErrorCategory.InvalidData,
        value,
        $"The object has a Message, but it is no record: {inner.Message} Its fields are those of QueueLog.Records.LogRecord.",
        inner);

    public static ErrorRecord NothingToLog() => New(
        "NothingToLog",
        ErrorCategory.InvalidArgument,
        null,
        "There is nothing to log. Give a -Message, -ErrorRecord or -Exception, or pipe something in.");

    public static ErrorRecord NotWritten() => New(
        "RecordNotConfirmed",
        ErrorCategory.WriteError,
        null,
        "The record was handed over, but the listener ended or could not write. The Failures of Get-LogListener say why.");

    private static string By(string? owner) => owner is null ? "" : $" by {owner}";

    private static ErrorRecord New(string id, ErrorCategory category, object? target, string message, Exception? inner = null) =>
        new(new InvalidOperationException(message, inner), id, category, target);
}
