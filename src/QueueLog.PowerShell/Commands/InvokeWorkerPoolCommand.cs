using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Pool;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Pool;
using QueueLog.PowerShell.Sinks;

namespace QueueLog.PowerShell.Commands;

/// <summary>Runs a script block over items in worker processes and gives the results as they finish.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "WorkerPool", DefaultParameterSetName = OwnSet)]
[OutputType(typeof(object), typeof(ItemResult), typeof(PoolJob))]
public sealed class InvokeWorkerPoolCommand : WorkerPoolCommand
{
    private const string PoolSet = "Pool";
    private const string NameSet = "Name";

    // How long the end of a pool is waited for, beyond the time that items may take to stop.
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(30);

    private IItemPool? pool;
    private IItemRun? run;
    private RunOutput? output;
    private PipelineInput? input;
    private RunLease? turn;
    private volatile RunProgress? atStop;

    /// <summary>Say nothing of the run when it is over: on a terminal, a line tells what became of one that took its time.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Run the items in the background and give a job, as Start-WorkerPool does.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>A warm pool, as Start-WorkerPool without a script block gave it, or its name.</summary>
    [Parameter(ParameterSetName = PoolSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    public object? Pool { get; set; }

    /// <summary>Name of a warm pool.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [PoolNames]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Name of the run on the queue, by which -Resume finds it again.</summary>
    // Not -Name: which set was meant could not be told from that alone.
    [Parameter(ParameterSetName = QueueSet)]
    [ValidateNotNullOrEmpty]
    public string? RunName { get; set; }

    private object? WarmPool => Pool ?? Name;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        LoadFile();
        if (ScriptBlock is null)
        {
            ThrowTerminatingError(PoolErrors.ScriptBlockMissing());
        }

        if (AsJob)
        {
            BeginJob(RunName, WarmPool);
            return;
        }

        var options = DefineRun();
        var results = DefineResults();

        // At that time there is no pipeline any more.
        WarnOfReport(Host.UI.WriteWarningLine);
        pool = WarmPool is { } warm ? FindWarmPool(warm) : StartPool(RunName, staysWarm: false);

        // While the first process starts.
        var showsStreams = ShowsStreams(pool.ListenerAddress);
        var definition = Define(showsStreams);
        try
        {
            turn = new RunLease(pool, definition, WithResults(options, results, pool.Count) with { ReaderBlocks = true, ShowsStreams = showsStreams }, Cancellation);
            Wait(turn.Run);
            run = turn.Run.Result;
        }
        catch (ObjectDisposedException)
        {
            ThrowTerminatingError(PoolErrors.PoolEnded(pool, ScriptBlock));
        }

        if (run is null)
        {
            ThrowTerminatingError(PoolErrors.PoolBusy(pool.Name));
        }

        output = new RunOutput(run!, new CmdletOutput(this, Runspace.DefaultRunspace), results, ProgressActivity(pool));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (AsJob)
        {
            AddToJob();
        }
        else if (IsPiped)
        {
            if (input is null)
            {
                input = new PipelineInput(this);
                SetTotal(input.Count);
            }

            var goesOn = TryAdd(InputObject);
            while (goesOn && !Cancellation.IsCancellationRequested && input.TryRead(out var next))
            {
                goesOn = TryAdd(next);
            }

            if (!goesOn)
            {
                // An input without an end must not be read on.
                Finish();
                throw UpstreamStop.Of(this) ?? new PipelineStoppedException();
            }
        }
        else if (HasInput)
        {
            SetTotal((LanguagePrimitives.GetEnumerable(InputObject) as ICollection)?.Count);
            foreach (var item in CurrentItems())
            {
                if (!TryAdd(item))
                {
                    break;
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (AsJob)
        {
            EndJob();
            return;
        }

        if (!HasInput)
        {
            Feed.AddOncePerWorker(run!, output!, pool!.Count);
        }
        else if (Feed.TryEndBatch(out var rest))
        {
            TryAddItem(rest);
        }

        run!.CompleteAdding();
        Finish();
        run = null;
        turn!.End();
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
            turn?.GiveUp();

            if (!pool.StaysWarm)
            {
                if (run is null)
                {
                    _ = pool.KillAsync();
                }

                // What was cut short cleans up behind itself.
                pool.Completion.Wait(pool.Grace + EndDeadline);
            }

            ReportStop();
        }

        if (disposing && AsJob)
        {
            LeaveJob();
        }
        else if (disposing)
        {
            CloseJobLog();
        }

        base.Dispose(disposing);
    }

    /// <returns>False when the run was halted: no more inputs are to be read.</returns>
    private bool TryAdd(object? input)
    {
        Pump();
        return Feed.TryBatch(input, out var item) ? TryAddItem(item) : !run!.IsHalted;
    }

    private bool TryAddItem(object? item)
    {
        // The pipeline is read only as far as the workers are able to follow.
        while (!run!.HasRoom && WaitForEvents())
        {
            Pump();
        }

        if (run.IsHalted)
        {
            return false;
        }

        ThrowIfFailed();
        Feed.Add(run, output!, item);
        return true;
    }

    private void SetTotal(long? counted) => output!.Total = TotalItems(counted);

    private void StopRun()
    {
        if (run is { } unfinished)
        {
            // As it is when the user stops it; later it has no items any more.
            atStop ??= Cancellation.IsCancellationRequested ? unfinished.Progress : null;
            pool!.Stop(unfinished);
        }
    }

    // There is no pipeline any more to write it to.
    private void ReportStop()
    {
        if (atStop is { } progress && !Quiet && HostScreen.Of(Host) is not null && output?.StopText(pool!.Name, progress) is { } text)
        {
            Host.UI.WriteLine(text);
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
        if (run!.Failure is RunHalted or RunTimedOut)
        {
            // Not what ends the command: an assignment of the results so far would not take place.
            WriteError(PoolErrors.RunFailed(run.Failure, ScriptBlock));
        }
        else
        {
            ThrowIfFailed();
        }

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
}
