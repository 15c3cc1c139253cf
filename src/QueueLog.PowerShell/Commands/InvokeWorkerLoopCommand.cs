using System.Management.Automation;
using QueueLog.Pool.Child;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Worker;

namespace QueueLog.PowerShell.Commands;

/// <summary>The worker's side of a pool. Not exported by the module: pools import the assembly itself.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "WorkerLoop")]
public sealed class InvokeWorkerLoopCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (WorkerStart.FromEnvironment() is not { } start)
        {
            ThrowTerminatingError(PoolErrors.NotAWorker());
            return;
        }

        // There is no loop when the pool has ended meanwhile; then this process is ending too.
        if (start.GetAwaiter().GetResult() is { } loop)
        {
            ModuleName.Set(MyInvocation.MyCommand.Module, "QueueLog");
            loop.Run(new RunspaceWorkRunner(SessionState, loop));
        }
    }
}
