using System.Globalization;
using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.Listener;
using QueueLog.PowerShell.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Transport;

namespace QueueLog.PowerShell.Errors;

/// <summary>The errors of a listener that did not start, by what it failed of.</summary>
internal static class ListenerStartErrors
{
    /// <returns>Null for a failure that is none of a listener.</returns>
    public static ErrorRecord? Of(Exception failure, ListenerOptions options) => failure switch
    {
        PipeNameException name => LogErrors.InvalidListenerName(name.Name, name),
        ListenerNameInUseException inUse => LogErrors.ListenerNameInUse(inUse.Name, Describe(inUse), inUse),
        TemplateException template => LogErrors.InvalidTemplate(template.Template, template),
        LogFileInUseException inUse => LogErrors.LogFileInUse(inUse.Path, Describe(inUse), inUse),
        LogFileException file => LogErrors.LogPathUnusable(file.Path, file),
        UnauthorizedAccessException denied => LogErrors.StateFolderUnusable(denied),
        SinkScriptException script => LogErrors.SinkCodeUnusable(script),
        ArgumentException when options.File is { } unusable => LogErrors.LogPathUnusable(unusable.Path, failure),
        IOException io => LogErrors.ListenerStartFailed(options.Name ?? options.File?.Path ?? "console", io),
        _ => null,
    };

    private static string? Describe(ListenerNameInUseException inUse) => inUse.Owner is { } owner
        ? $"{Describe(owner.Process, owner.Pid)}, which writes {owner.LogPath ?? "the console"}"
        : null;

    private static string? Describe(LogFileInUseException inUse) => inUse.OwnerPid is { } pid
        ? $"{Describe(inUse.OwnerProcess, pid)}, at {inUse.OwnerPipe}"
        : null;

    private static string Describe(string? process, int pid) => pid == Environment.ProcessId
        ? "this session"
        : string.Create(CultureInfo.InvariantCulture, $"process {process} (pid {pid})");
}
