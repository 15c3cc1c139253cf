using System.Management.Automation;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Pool;

namespace QueueLog.PowerShell.Commands;

/// <summary>Starts a pool of worker processes and gives it as a job.</summary>
[Cmdlet(VerbsLifecycle.Start, "WorkerPool", DefaultParameterSetName = OwnSet)]
[OutputType(typeof(PoolJob))]
public sealed class StartWorkerPoolCommand : WorkerPoolCommand
{
    private const string PoolSet = "Pool";

    /// <summary>Name of the pool and its job, or of the job on a warm pool. Default: Pool1 or Job1 and so on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>A warm pool that the job is to run on, or its name.</summary>
    [Parameter(ParameterSetName = PoolSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    public object? Pool { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        LoadFile();
        if (ScriptBlock is null && (Pool is not null || HasInput || Splat || NoCapture || ArgumentList is not null || HasItemOptions))
        {
            ThrowTerminatingError(PoolErrors.ScriptBlockMissing());
        }

        if (ScriptBlock is null && Queue is not null)
        {
            ThrowTerminatingError(QueueErrors.WarmPool());
        }

        BeginJob(Name, Pool);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => AddToJob();

    /// <inheritdoc/>
    protected override void EndProcessing() => EndJob();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            LeaveJob();
        }

        base.Dispose(disposing);
    }
}
