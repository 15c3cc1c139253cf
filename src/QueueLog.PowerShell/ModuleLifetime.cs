using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Pool;
using QueueLog.PowerShell.Queue;

namespace QueueLog.PowerShell;

/// <summary>Remove-Module stops what its session started. Import only learns whose session it is.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => RunspaceThread.SetOwn();

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        // Null would mean all: a runspace without an identity has started nothing.
        if (Runspace.DefaultRunspace?.InstanceId is { } runspace)
        {
            // Workers first: what they still have to log, the listeners must be there to take.
            PoolRegistry.StopAll(runspace);
            HostRegistry.StopAll(runspace);
            ModuleState.StopAll(runspace);
        }
    }
}
