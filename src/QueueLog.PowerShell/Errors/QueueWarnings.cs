using QueueLog.Queue.Logs;

namespace QueueLog.PowerShell.Errors;

/// <summary>Texts of the warnings about queues and their hosts.</summary>
internal static class QueueWarnings
{
    public static string HostSuperseded(string name) => $"Another process is the host '{name}' now, so this one has ended.";

    public static string LogMissing(MissingHostLog log) =>
        $"The log of host {log.Host} is missing since {log.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss}: the host was lost, or did not reach the queue in time. Test-QueueLog shows which processes that concerns.";
}
