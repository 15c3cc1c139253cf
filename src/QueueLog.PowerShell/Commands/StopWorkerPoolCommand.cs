using System.Management.Automation;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;

namespace QueueLog.PowerShell.Commands;

/// <summary>Ends pools: workers give up their items, and their processes end.</summary>
[Cmdlet(VerbsLifecycle.Stop, "WorkerPool", SupportsShouldProcess = true)]
public sealed class StopWorkerPoolCommand : QueueLogCommand
{
    /// <summary>Names of pools; wildcards are allowed. A pool or its job can be piped in.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [PoolNames]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var pool in PoolArgument.Find(this, Name, isEndedFine: true))
        {
            if (ShouldProcess(pool.Name, "Stop the pool and its worker processes"))
            {
                Wait(pool.StopAsync());
            }
        }
    }
}
