using System.Management.Automation.Runspaces;
using QueueLog.Client;

namespace QueueLog.PowerShell.Engine;

/// <summary>The number that records of <c>ForEach-Object -Parallel</c>, thread jobs and further runspaces have as their <c>Thread</c>: that of the runspace.</summary>
internal static class RunspaceThread
{
    /// <summary>The runspace that loads the module first is the process's own: its records have no number.</summary>
    public static void SetOwn()
    {
        if (ProcessContext.Thread is null && Runspace.DefaultRunspace is { Id: var own })
        {
            ProcessContext.Thread = () => Runspace.DefaultRunspace is { } current && current.Id != own ? current.Id : 0;
        }
    }
}
