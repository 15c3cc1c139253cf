using System.Collections;
using System.Management.Automation;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Pool;

namespace QueueLog.PowerShell.Commands;

/// <summary>Starts a pool of worker processes and gives it as a job.</summary>
[Cmdlet(VerbsLifecycle.Start, "WorkerPool")]
[OutputType(typeof(PoolJob))]
public sealed class StartWorkerPoolCommand : WorkerPoolCommand
{
    /// <summary>Number of worker processes. Default: the number of processors.</summary>
    [Parameter]
    [Alias("ThrottleLimit")]
    [ValidateRange(1, Most)]
    public int Count
    {
        get => WorkerCount;
        set => WorkerCount = value;
    }

    /// <summary>Name of the pool and its job. Default: Pool1 and so on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How many items a worker's process runs before another takes its place. Default: any number.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MaxItemsPerWorker
    {
        get => WorkerItems;
        set => WorkerItems = value;
    }

    /// <summary>Bytes by which the memory of a worker's process may grow before another takes its place. Default: any number.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MaxWorkerMemory
    {
        get => WorkerMemory;
        set => WorkerMemory = value;
    }

    /// <summary>The log the workers write to: a listener, its name or its address. Default: the session's.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Listener
    {
        get => WorkersListener;
        set => WorkersListener = value;
    }

    /// <summary>Environment variables of the worker processes; null takes one away.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? EnvironmentVariable
    {
        get => WorkersEnvironment as Hashtable;
        set => WorkersEnvironment = value;
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        LoadFile();
        if (ScriptBlock is null && (HasInput || Splat || NoCapture || ArgumentList is not null || HasItemOptions))
        {
            ThrowTerminatingError(PoolErrors.ScriptBlockMissing());
        }

        BeginJob(Name ?? PoolRegistry.NextName());
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
