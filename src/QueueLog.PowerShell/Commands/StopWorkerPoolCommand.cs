using System.Management.Automation;

namespace QueueLog.PowerShell.Commands;

/// <summary>Ends pools: workers give up their items, and their processes end.</summary>
[Cmdlet(VerbsLifecycle.Stop, "WorkerPool", SupportsShouldProcess = true)]
public sealed class StopWorkerPoolCommand : QueueLogCommand
{
    /// <summary>Names of pools; wildcards are allowed. A pool or its job can be piped in.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var found = PoolRegistry.Matching(name);
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(Errors.PoolNotFound(name));
            }

            foreach (var pool in found)
            {
                if (ShouldProcess(pool.Name, "Stop the pool and its worker processes"))
                {
                    Wait(pool.StopAsync());
                }
            }
        }
    }
}
