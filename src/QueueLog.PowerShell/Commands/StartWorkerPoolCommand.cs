using System.Collections;
using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Pool;
using QueueLog.Records;

namespace QueueLog.PowerShell.Commands;

/// <summary>Starts a pool of worker processes and gives it as a job.</summary>
[Cmdlet(VerbsLifecycle.Start, "WorkerPool", DefaultParameterSetName = OwnSet)]
[OutputType(typeof(PoolJob))]
public sealed class StartWorkerPoolCommand : WorkerPoolCommand
{
    private const string OwnSet = "Own";
    private const string PoolSet = "Pool";

    private IItemPool? pool;
    private IItemRun? run;
    private PoolJob? job;
    private bool isHandedOver;

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
    public object? Pool { get; set; }

    // A job that is piped on is received at once, to all appearances.
    private bool IsPipedOn => MyInvocation.PipelinePosition < MyInvocation.PipelineLength;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ScriptBlock is null && (Pool is not null || HasInput || Splat || NoCapture || ArgumentList is not null || HasItemOptions))
        {
            ThrowTerminatingError(PoolErrors.ScriptBlockMissing());
        }

        var results = DefineResults();
        if (Pool is not null)
        {
            pool = FindWarmPool(Pool);
            var showsStreams = IsPipedOn && ShowsStreams(pool.ListenerAddress);
            run = new QueuedRun(pool, Define(showsStreams), WithResults(DefineRun(), results, pool.Count) with { ShowsStreams = showsStreams });
        }
        else if (ScriptBlock is null)
        {
            pool = StartPool(Name ?? PoolRegistry.NextName(), staysWarm: true, HasSetup ? Define(showsStreams: false) : null);
        }
        else
        {
            var showsStreams = IsPipedOn && ShowsStreams(ListenerAddress);
            var definition = Define(showsStreams);
            var options = DefineRun() with { ShowsStreams = showsStreams };
            pool = StartPool(Name ?? PoolRegistry.NextName(), staysWarm: false);
            try
            {
                run = pool.TryBegin(definition, WithResults(options, results, pool.Count));
            }
            catch (ObjectDisposedException)
            {
                // Its first process is being started already, and may have failed.
                ThrowTerminatingError(PoolErrors.PoolEnded(pool, ScriptBlock));
            }
        }

        job = new PoolJob(Pool is null ? pool.Name : Name, pool, run, ScriptBlock?.ToString() ?? "", results, ProgressActivity(pool));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!HasInput)
        {
            return;
        }

        // The work begins while the input still comes in.
        foreach (var input in CurrentItems())
        {
            if (TryGather(input, out var item))
            {
                AddItem(run!, job!.RunOutput!, item);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (run is not null)
        {
            if (!HasInput)
            {
                AddOncePerWorker(run, job!.RunOutput!, pool!.Count);
            }
            else if (TryTakeGathered(out var rest))
            {
                AddItem(run, job!.RunOutput!, rest);
            }

            run.CompleteAdding();
        }

        // Only now is it the user's: an input that ends in an error leaves no job behind.
        var definition = new JobDefinition(typeof(PoolJobSourceAdapter), "", job!.Name);
        JobManager.NewJob(new JobInvocationInfo(definition, new Dictionary<string, object> { ["Job"] = job }));
        isHandedOver = true;
        WriteObject(job);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !isHandedOver)
        {
            (run as QueuedRun)?.Stop();
            if (Pool is null)
            {
                _ = pool?.KillAsync();
            }

            CloseJobLog();
        }

        base.Dispose(disposing);
    }
}
