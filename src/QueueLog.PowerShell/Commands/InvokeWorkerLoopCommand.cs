using System.Management.Automation;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Worker;
using QueueLog.Workers.Child;

namespace QueueLog.PowerShell.Commands;

/// <summary>The worker's side of a pool. Not exported by the module: pools import the assembly itself.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "WorkerLoop")]
public sealed class InvokeWorkerLoopCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (WorkerLoop.FromEnvironment() is not { } loop)
        {
            ThrowTerminatingError(PoolErrors.NotAWorker());
            return;
        }

        loop.Run(new RunspaceWorkRunner(SessionState, loop));
    }
}
