using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Engine;

namespace QueueLog.PowerShell.Commands;

/// <summary>Shows the pools of this session and what each of their workers is doing.</summary>
[Cmdlet(VerbsCommon.Get, "WorkerPool")]
[OutputType(typeof(PoolStatus))]
public sealed class GetWorkerPoolCommand : PSCmdlet
{
    /// <summary>Names of pools; wildcards are allowed. Default: all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [PoolNames]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var pool in PoolArgument.Find(this, Name))
        {
            Views.Load();
            WriteObject(pool.GetStatus());
        }
    }
}
