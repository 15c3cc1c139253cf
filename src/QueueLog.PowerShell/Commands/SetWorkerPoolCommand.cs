using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;

namespace QueueLog.PowerShell.Commands;

/// <summary>Changes the number of a pool's workers while it runs.</summary>
[Cmdlet(VerbsCommon.Set, "WorkerPool", SupportsShouldProcess = true)]
[OutputType(typeof(PoolStatus))]
public sealed class SetWorkerPoolCommand : PSCmdlet
{
    /// <summary>Names of pools; wildcards are allowed. A pool or its job can be piped in.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [PoolNames]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Number of workers from now on. Workers that are too many finish the item they are at.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateRange(1, WorkerPoolOptions.MostWorkers)]
    public int Count { get; set; }

    /// <summary>Give the state of each pool.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var pool in PoolArgument.Find(this, Name))
        {
            if (ShouldProcess(pool.Name, $"Set the number of workers to {Count}"))
            {
                Resize(pool);
            }
        }
    }

    private void Resize(IItemPool pool)
    {
        try
        {
            pool.Resize(Count);
            if (PassThru)
            {
                Views.Load();
                WriteObject(pool.GetStatus());
            }
        }
        catch (ObjectDisposedException)
        {
            WriteError(PoolErrors.PoolEnded(pool.Name));
        }
        catch (NotSupportedException)
        {
            WriteError(QueueErrors.NotResizable(pool.Name));
        }
    }
}
