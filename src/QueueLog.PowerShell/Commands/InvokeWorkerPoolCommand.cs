using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Pool;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Pool;
using QueueLog.PowerShell.Sinks;

namespace QueueLog.PowerShell.Commands;

/// <summary>Runs a script block over items in worker processes and gives the results as they finish.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "WorkerPool", DefaultParameterSetName = OwnSet)]
[OutputType(typeof(object))]
public sealed class InvokeWorkerPoolCommand : WorkerPoolCommand
{
    private const string OwnSet = "Own";
    private const string PoolSet = "Pool";
    private const string NameSet = "Name";

    private IItemPool? pool;
    private IItemRun? run;
    private RunOutput? output;
    private PipelineInput? input;
    private bool hasTurn;

    /// <summary>Number of worker processes. Default: the number of processors.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [Alias("ThrottleLimit")]
    [ValidateRange(1, Most)]
    public int Count
    {
        get => WorkerCount;
        set => WorkerCount = value;
    }

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

    /// <summary>The log the workers write to: a listener, its name or its address. Default: the session's.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [ValidateNotNull]
    public object? Listener
    {
        get => WorkersListener;
        set => WorkersListener = value;
    }

    /// <summary>Say nothing of the run when it is over: on a terminal, a line tells what became of one that took its time.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Environment variables of the worker processes; null takes one away.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [ValidateNotNull]
    public Hashtable? EnvironmentVariable
    {
        get => WorkersEnvironment as Hashtable;
        set => WorkersEnvironment = value;
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
            ThrowTerminatingError(PoolErrors.ScriptBlockMissing());
        }

        var options = DefineRun();
        var results = DefineResults();
        pool = ParameterSetName == OwnSet ? StartPool(PoolRegistry.NextName(), staysWarm: false) : FindWarmPool();

        // While the first process starts.
        var showsStreams = ShowsStreams(pool.ListenerAddress);
        var definition = Define(showsStreams);
        try
        {
            run = Wait(RunGate.BeginAsync(pool, definition, WithResults(options, results, pool.Count) with { ReaderBlocks = true, ShowsStreams = showsStreams }, Cancellation));
        }
        catch (ObjectDisposedException)
        {
            ThrowTerminatingError(PoolErrors.PoolEnded(pool, ScriptBlock));
        }

        if (run is null)
        {
            ThrowTerminatingError(PoolErrors.PoolBusy(pool.Name));
        }

        hasTurn = true;
        output = new RunOutput(run!, new CmdletOutput(this, Runspace.DefaultRunspace), results, ProgressActivity(pool));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (IsPiped)
        {
            if (input is null)
            {
                input = new PipelineInput(this);
                SetTotal(input.Count);
            }

            HandleItem(InputObject);
            while (!Cancellation.IsCancellationRequested && input.TryRead(out var next))
            {
                HandleItem(next);
            }
        }
        else if (HasInput)
        {
            SetTotal((LanguagePrimitives.GetEnumerable(InputObject) as ICollection)?.Count);
            foreach (var item in CurrentItems())
            {
                HandleItem(item);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!HasInput)
        {
            AddOncePerWorker(run!, output!, pool!.Count);
        }

        run!.CompleteAdding();
        Finish();
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
                RunGate.End(pool);
            }

            if (!pool.StaysWarm)
            {
                pool.KillAsync().Wait(TimeSpan.FromSeconds(10));
            }
        }

        if (disposing)
        {
            CloseJobLog();
        }

        base.Dispose(disposing);
    }

    private void HandleItem(object? item)
    {
        Pump();

        // The pipeline is read only as far as the workers are able to follow.
        while (!run!.HasRoom && WaitForEvents())
        {
            Pump();
        }

        ThrowIfFailed();
        if (run.IsHalted)
        {
            // An input without an end must not be read on.
            Finish();
        }

        AddItem(run, output!, item);
    }

    private void SetTotal(long? counted) => output!.Total = Total > 0 ? Total : counted;

    private void StopRun()
    {
        if (run is { } unfinished)
        {
            pool!.Stop(unfinished);
        }
    }

    /// <summary>Writes what still comes, and ends the command if the run has failed.</summary>
    private void Finish()
    {
        while (WaitForEvents())
        {
            Pump();
        }

        var summary = output!.Complete();
        ThrowIfFailed();
        if (summary is not null && !Quiet && HostScreen.Of(Host) is not null)
        {
            Host.UI.WriteLine(summary);
        }
    }

    private void Pump()
    {
        while (run!.Events.TryRead(out var ready))
        {
            output!.Write(ready);
        }

        output!.Show();
    }

    /// <summary>Waits for the run to have something to tell, and shows meanwhile how far it is.</summary>
    /// <returns>False when it is over.</returns>
    private bool WaitForEvents()
    {
        pool!.ReadFor(run!);
        var next = run!.Events.WaitToReadAsync(CancellationToken.None);
        if (next.IsCompleted || output!.UntilDue is not { } pause)
        {
            return Wait(next);
        }

        var waited = next.AsTask();
        while (!Wait(waited, pause))
        {
            output.Show();
            pause = output.UntilDue!.Value;
        }

        return waited.Result;
    }

    private void ThrowIfFailed()
    {
        if (run!.Failure is { } failure)
        {
            ThrowTerminatingError(PoolErrors.RunFailed(failure, ScriptBlock));
        }

        if (run.WasStopped)
        {
            ThrowTerminatingError(PoolErrors.PoolEnded(pool!, ScriptBlock));
        }
    }

    private IItemPool FindWarmPool()
    {
        var name = Pool?.Pool.Name ?? Name!;
        var found = Pool?.Pool ?? PoolRegistry.Find(name);
        if (found is null)
        {
            ThrowTerminatingError(PoolErrors.PoolNotFound(name));
        }

        if (!found!.StaysWarm)
        {
            ThrowTerminatingError(PoolErrors.PoolNotWarm(name));
        }

        return found;
    }
}
