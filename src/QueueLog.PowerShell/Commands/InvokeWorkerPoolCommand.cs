using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Workers;

namespace QueueLog.PowerShell.Commands;

/// <summary>Runs a script block over items in worker processes and gives the results as they finish.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "WorkerPool", DefaultParameterSetName = OwnSet)]
[OutputType(typeof(object))]
public sealed class InvokeWorkerPoolCommand : WorkerPoolCommand
{
    private const string OwnSet = "Own";
    private const string PoolSet = "Pool";
    private const string NameSet = "Name";

    private WorkerPool? pool;
    private PoolRun? run;
    private CmdletOutput? output;
    private bool hasTurn;

    /// <summary>Number of worker processes. Default: the number of processors.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [ValidateRange(1, Most)]
    public int Count
    {
        get => WorkerCount;
        set => WorkerCount = value;
    }

    /// <summary>The log the workers write to: a listener, its name or its address. Default: the session's.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [ValidateNotNull]
    public object? Listener
    {
        get => WorkersListener;
        set => WorkersListener = value;
    }

    /// <summary>A warm pool, as Start-WorkerPool without a script block gave it.</summary>
    [Parameter(ParameterSetName = PoolSet, Mandatory = true)]
    public PoolJob? Pool { get; set; }

    /// <summary>Name of a warm pool.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ScriptBlock is null)
        {
            ThrowTerminatingError(Errors.ScriptBlockMissing());
        }

        var definition = Define();
        output = new CmdletOutput(this, Runspace.DefaultRunspace);
        pool = ParameterSetName == OwnSet ? StartPool(PoolRegistry.NextName(), staysWarm: false) : FindWarmPool();
        try
        {
            run = Wait(PoolTurns.BeginAsync(pool, definition, Cancellation));
        }
        catch (ObjectDisposedException)
        {
            ThrowTerminatingError(Errors.PoolEnded(pool.Name));
        }

        if (run is null)
        {
            ThrowTerminatingError(Errors.PoolBusy(pool.Name));
        }

        hasTurn = true;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!HasInput)
        {
            return;
        }

        foreach (var input in CurrentItems())
        {
            while (run!.Events.TryRead(out var ready))
            {
                output!.Write(ready);
            }

            // The pipeline is read only as far as the workers are able to follow.
            while (!run.HasRoom && Wait(run.Events.WaitToReadAsync(CancellationToken.None)))
            {
                Pump();
            }

            ThrowIfFailed();
            if (ToItem(input) is { } item)
            {
                run.Add(item);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!HasInput)
        {
            AddOncePerWorker(run!, pool!.Count);
        }

        run!.CompleteAdding();
        while (Wait(run.Events.WaitToReadAsync(CancellationToken.None)))
        {
            Pump();
        }

        ThrowIfFailed();
        run = null;
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        StopRun();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && pool is not null)
        {
            StopRun();
            if (hasTurn)
            {
                PoolTurns.End(pool);
            }

            if (!pool.StaysWarm)
            {
                pool.KillAsync().Wait(TimeSpan.FromSeconds(2));
            }
        }

        base.Dispose(disposing);
    }

    private void StopRun()
    {
        if (run is { } unfinished)
        {
            pool!.Stop(unfinished);
        }
    }

    private void Pump()
    {
        while (run!.Events.TryRead(out var ready))
        {
            output!.Write(ready);
        }
    }

    private void ThrowIfFailed()
    {
        if (run!.Failure is { } failure)
        {
            ThrowTerminatingError(Errors.RunFailed(failure, ScriptBlock));
        }

        if (run.WasStopped)
        {
            ThrowTerminatingError(Errors.PoolEnded(pool!.Name));
        }
    }

    private WorkerPool FindWarmPool()
    {
        var name = Pool?.Pool.Name ?? Name!;
        var found = Pool?.Pool ?? PoolRegistry.Find(name);
        if (found is null)
        {
            ThrowTerminatingError(Errors.PoolNotFound(name));
        }

        if (!found!.StaysWarm)
        {
            ThrowTerminatingError(Errors.PoolNotWarm(name));
        }

        return found;
    }
}
