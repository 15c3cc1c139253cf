using System.Collections;
using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Pool;
using QueueLog.Records;

namespace QueueLog.PowerShell.Commands;

/// <summary>Starts a pool of worker processes and gives it as a job.</summary>
[Cmdlet(VerbsLifecycle.Start, "WorkerPool")]
[OutputType(typeof(PoolJob))]
public sealed class StartWorkerPoolCommand : WorkerPoolCommand
{
    private IItemPool? pool;
    private IItemRun? run;
    private PoolJob? job;
    private bool isHandedOver;

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
        if (ScriptBlock is null && (HasInput || Splat || NoCapture || ArgumentList is not null || HasItemOptions))
        {
            ThrowTerminatingError(PoolErrors.ScriptBlockMissing());
        }

        var results = DefineResults();
        var name = Name ?? PoolRegistry.NextName();
        if (ScriptBlock is null)
        {
            pool = StartPool(name, staysWarm: true, HasSetup ? Define() : null);
        }
        else
        {
            // A job that is piped on is received at once, to all appearances.
            var showsStreams = MyInvocation.PipelinePosition < MyInvocation.PipelineLength && ShowsStreams(ListenerAddress);
            var definition = Define(showsStreams);
            var options = DefineRun() with { ShowsStreams = showsStreams };
            pool = StartPool(name, staysWarm: false);
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

        job = new PoolJob(pool, run, ScriptBlock?.ToString() ?? "", results, ProgressActivity(pool));
        if (Total > 0 && job.RunOutput is { } output)
        {
            output.Total = Total;
        }
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
            AddItem(run!, job!.RunOutput!, input);
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
            _ = pool?.KillAsync();
            CloseJobLog();
        }

        base.Dispose(disposing);
    }
}
