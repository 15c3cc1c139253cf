using System.Management.Automation.Host;
using QueueLog.Client;

namespace QueueLog.PowerShell.Engine;

/// <summary>Knows the process behind Start-Job, which the engine kills as soon as the job is over, without a word to it.</summary>
internal static class JobProcess
{
    private const string HostName = "ServerRemoteHost";

    private static bool recognized;

    /// <summary>Called by each command that leads to records, with its host.</summary>
    public static void Recognize(PSHost? host)
    {
        if (!recognized)
        {
            // The host is the same for the life of the process, except for runspaces that a script gives one of its own.
            recognized = true;
            ProcessContext.EndsUnasked |= host?.Name == HostName;
        }
    }
}
