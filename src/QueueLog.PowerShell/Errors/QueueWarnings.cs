namespace QueueLog.PowerShell.Errors;

/// <summary>Texts of the warnings about queues and their hosts.</summary>
internal static class QueueWarnings
{
    public static string HostSuperseded(string name) => $"Another process is the host '{name}' now, so this one has ended.";
}
