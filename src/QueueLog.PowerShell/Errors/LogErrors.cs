using System.Management.Automation;
using QueueLog.Listener;
using QueueLog.Records;
using static QueueLog.PowerShell.Errors.ErrorFactory;

namespace QueueLog.PowerShell.Errors;

/// <summary>Those of listeners, and of the commands that write to them.</summary>
internal static class LogErrors
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

    public static ErrorRecord ListenerOfThisProcess(LogListener running, ListenerOptions options) => running.Name == options.Name
        ? New(
            "ListenerNameInUse",
            ErrorCategory.ResourceExists,
            running.Name,
            $"A listener of this session has the name '{running.Name}', with other settings. Stop it with Stop-LogListener, or give -Force to replace it.")
        : New(
            "LogFileInUse",
            ErrorCategory.ResourceBusy,
            options.File!.Path,
            $"The log file '{options.File.Path}' is written by a listener of this session, '{running.Name}', with other settings. Stop it with Stop-LogListener, or give -Force to replace it.");

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

    public static ErrorRecord TemplateNeedsText(LogFormat format) => New(
        "TemplateNeedsText",
        ErrorCategory.InvalidArgument,
        format,
        $"-Template applies to -Format Text only; {format} writes every field in a fixed form. Omit -Template, or use -Format Text. For the console, use -ConsoleTemplate.");

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

    public static ErrorRecord NetworkPathNotSupported(string path) => New(
        "NetworkPathNotSupported",
        ErrorCategory.InvalidArgument,
        path,
        $"'{path}' is a path of a Windows network, which this system does not know. Mount the share, and give a -Path below its mount point.");

    public static ErrorRecord NothingToWriteTo() => New(
        "NothingToWriteTo",
        ErrorCategory.InvalidArgument,
        null,
        "The listener would write nowhere. Give a -Path, -Console or -Sink.");

    public static ErrorRecord NoLogger(object? value) => New(
        "NotALogger",
        ErrorCategory.InvalidArgument,
        value,
        $"'{value?.GetType().ToString() ?? "null"}' is neither an ILogger nor an ILoggerFactory of Microsoft.Extensions.Logging. Give -Logger one of these, or a -ScriptBlock that calls your object.");

    public static ErrorRecord LoggerUnusable(object value, Exception inner) => New(
        "LoggerUnusable",
        ErrorCategory.NotInstalled,
        value,
        $"QueueLog.Extensions.Logging cannot be loaded: {inner.Message} Install the module again.",
        inner);

    public static ErrorRecord SinkCodeUnusable(Exception inner) => New(
        "SinkScriptUnusable",
        ErrorCategory.InvalidOperation,
        null,
        $"The session for a sink's script could not be created: {inner.Message} Check the functions and modules that the script uses.",
        inner);

    public static ErrorRecord FileLargerThanTotal(long file, long total) => New(
        "FileLargerThanTotal",
        ErrorCategory.InvalidArgument,
        total,
        $"-MaxFileSize ({file} bytes) exceeds -MaxTotalSize ({total} bytes). Increase -MaxTotalSize to several files, or reduce -MaxFileSize.");

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
        $"There is no running listener named '{name}' in this session. Get-LogListener lists the running ones.");

    public static ErrorRecord NoListener() => New(
        "NoListener",
        ErrorCategory.ObjectNotFound,
        null,
        "This session has no listener of its own. Start one with Start-LogListener, or change a listener in the process that started it.");

    public static ErrorRecord ListenerEnded(string name) => New(
        "ListenerEnded",
        ErrorCategory.InvalidOperation,
        name,
        $"The listener '{name}' has been stopped. Start one with Start-LogListener.");

    public static ErrorRecord ListenerHasNoConsole(string name) => New(
        "ListenerHasNoConsole",
        ErrorCategory.InvalidOperation,
        name,
        $"The listener '{name}' does not write to the console, so -ConsoleMinimumLevel cannot be set; nothing was changed. Start it with -Console, or give -MinimumLevel alone.");

    public static ErrorRecord NothingToChange() => New(
        "NothingToChange",
        ErrorCategory.InvalidArgument,
        null,
        "There is nothing to change. Give -MinimumLevel, -ConsoleMinimumLevel, -Limit, -LimitBy or -LimitLevel.");

    public static ErrorRecord ListenerStopped(string name) => New(
        "ListenerStopped",
        ErrorCategory.InvalidOperation,
        name,
        $"The listener '{name}' has been stopped or does not answer; the record was shown instead. Start one with Start-LogListener.");

    public static ErrorRecord ListenerOfAnotherUser(string name, string refusal) => New(
        "ListenerOfAnotherUser",
        ErrorCategory.PermissionDenied,
        name,
        $"{refusal} The record was shown instead. Start a listener of your own with Start-LogListener.");

    public static ErrorRecord InvalidListenerArgument(object value) => New(
        "InvalidListenerArgument",
        ErrorCategory.InvalidArgument,
        value,
        $"'{value}' is not a listener. Give -Listener an object from Start-LogListener or Get-LogListener, the name of a listener, or its address.");

    public static ErrorRecord RecordTruncated(int characters) => New(
        "RecordTruncated",
        ErrorCategory.LimitsExceeded,
        characters,
        $"A message of {characters} characters is longer than a record can be. Its beginning was logged, with a note about the missing part. Write large data to a file and log its path.");

    public static ErrorRecord InvalidRecord(object value, Exception inner) => New(
        "InvalidRecord",
        ErrorCategory.InvalidData,
        value,
        $"The object has a Message but is not a record: {inner.Message} Give it the fields of QueueLog.Records.LogRecord.",
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
        "The record was accepted, but the listener ended or could not write it. See the Failures of Get-LogListener.");

    private static string By(string? owner) => owner is null ? "" : $" by {owner}";
}
