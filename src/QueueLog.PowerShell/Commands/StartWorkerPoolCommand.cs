using System.Collections;
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
    private const string OwnSet = "Own";
    private const string PoolSet = "Pool";

    /// <summary>Number of worker processes. Default: the number of processors.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [Alias("ThrottleLimit")]
    [ValidateRange(1, Most)]
    public int Count
    {
        get => WorkerCount;
        set => WorkerCount = value;
    }

    /// <summary>Name of the pool and its job, or of the job on a warm pool. Default: Pool1 or Job1 and so on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How many items a worker's process runs before another takes its place. Default: any number.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [ValidateRange(1, long.MaxValue)]
    public long MaxItemsPerWorker
    {
        get => WorkerItems;
        set => WorkerItems = value;
    }

    /// <summary>Bytes by which the memory of a worker's process may grow before another takes its place. Default: any number.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [ValidateRange(1, long.MaxValue)]
    public long MaxWorkerMemory
    {
        get => WorkerMemory;
        set => WorkerMemory = value;
    }

    /// <summary>Runs once in each worker behind its last item, e.g. to close what -InitializationScript opened.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    public ScriptBlock? EndScript
    {
        get => WorkersEndScript;
        set => WorkersEndScript = value;
    }

    /// <summary>The log the workers write to: a listener, its name or its address. Default: the session's.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [ValidateNotNull]
    public object? Listener
    {
        get => WorkersListener;
        set => WorkersListener = value;
    }

    /// <summary>Environment variables of the worker processes; null takes one away.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [ValidateNotNull]
    public Hashtable? EnvironmentVariable
    {
        get => WorkersEnvironment as Hashtable;
        set => WorkersEnvironment = value;
    }

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
