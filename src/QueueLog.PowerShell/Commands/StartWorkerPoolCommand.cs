using System.Management.Automation;
using QueueLog.Records;
using QueueLog.Workers;

namespace QueueLog.PowerShell.Commands;

/// <summary>Starts a pool of worker processes and gives it as a job.</summary>
[Cmdlet(VerbsLifecycle.Start, "WorkerPool")]
[OutputType(typeof(PoolJob))]
public sealed class StartWorkerPoolCommand : WorkerPoolCommand
{
    private WorkerPool? pool;
    private PoolRun? run;
    private PoolJob? job;
    private bool isHandedOver;

    /// <summary>Number of worker processes. Default: the number of processors.</summary>
    [Parameter]
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

    /// <summary>The log the workers write to: a listener, its name or its address. Default: the session's.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Listener
    {
        get => WorkersListener;
        set => WorkersListener = value;
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ScriptBlock is null && (HasInput || Splat || ArgumentList is not null))
        {
            ThrowTerminatingError(Errors.ScriptBlockMissing());
        }

        var name = Name ?? PoolRegistry.NextName();
        if (ScriptBlock is null)
        {
            pool = StartPool(name, staysWarm: true, InitializationScript is null ? null : Define());
        }
        else
        {
            var definition = Define();
            pool = StartPool(name, staysWarm: false);
            run = pool.TryBegin(definition);
        }

        job = new PoolJob(pool, run, ScriptBlock?.ToString() ?? "");
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
            if (ToItem(input) is { } item)
            {
                run!.Add(item);
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
                AddOncePerWorker(run, pool!.Count);
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
        }

        base.Dispose(disposing);
    }
}
