using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Pool;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Pool;
using QueueLog.Wire;

namespace QueueLog.PowerShell;

/// <summary>A pool as a PowerShell job: what <c>Start-WorkerPool</c> gives.</summary>
public sealed class PoolJob : Job2
{
    /// <summary>The type name the job commands show and filter by.</summary>
    internal const string TypeName = "QueueLogPool";

    // Everything that a pool waits for at its end has a limit of its own; this is beyond all of them.
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);

    [ThreadStatic]
    private static PoolJob? ending;

    private readonly IItemRun? run;

    // The run of a job on a warm pool, which lives on.
    private readonly QueuedRun? queued;
    private readonly PoolChildJob streams;
    private readonly object gate = new();
    private bool isFinished;
    private bool wasStopped;
    private volatile bool isRemoved;
    private volatile string statusMessage = "";

    internal PoolJob(string? name, IItemPool pool, IItemRun? run, string command, CollectorOptions results, string? activity)
        : base(command, name)
    {
        Pool = pool;
        this.run = run;
        queued = run as QueuedRun;
        PSJobTypeName = TypeName;
        streams = new PoolChildJob(this);
        ChildJobs.Add(streams);
        SetJobState(JobState.Running);
        RunOutput = run is null ? null : new RunOutput(run, new JobOutput(streams, Progress, Runspace.DefaultRunspace), results, activity);
        _ = Task.Run(FollowAsync);
    }

    /// <summary>The results that nobody has received yet.</summary>
    public new PSDataCollection<PSObject> Output => streams.Output;

    /// <summary>The errors that nobody has received yet.</summary>
    public new PSDataCollection<ErrorRecord> Error => streams.Error;

    /// <summary>The warnings that nobody has received yet.</summary>
    public new PSDataCollection<WarningRecord> Warning => streams.Warning;

    /// <summary>The verbose records that nobody has received yet.</summary>
    public new PSDataCollection<VerboseRecord> Verbose => streams.Verbose;

    /// <summary>The debug records that nobody has received yet.</summary>
    public new PSDataCollection<DebugRecord> Debug => streams.Debug;

    /// <summary>The information records that nobody has received yet.</summary>
    public new PSDataCollection<InformationRecord> Information => streams.Information;

    /// <inheritdoc/>
    public override bool HasMoreData => streams.HasMoreData;

    /// <inheritdoc/>
    public override string Location => "localhost";

    /// <inheritdoc/>
    public override string StatusMessage => statusMessage;

    /// <summary>The job whose end this thread is telling; null while it tells none.</summary>
    internal static PoolJob? Ending => ending;

    internal IItemPool Pool { get; }

    /// <summary>The way of the run's results into the streams; null for a pool without a run of its own.</summary>
    internal RunOutput? RunOutput { get; }

    internal void WriteWarning(string text) => streams.WriteText(WorkEntryKind.Warning, text);

    /// <inheritdoc/>
    public override void StopJob() => StopJob(false, "");

    /// <inheritdoc/>
    public override void StopJob(bool force, string reason)
    {
        BeginStop(force);
        Finished.WaitOne(StopDeadline + Pool.Grace);
    }

    /// <inheritdoc/>
    public override void StopJobAsync() => StopJobAsync(false, "");

    /// <inheritdoc/>
    public override void StopJobAsync(bool force, string reason) => _ = Task.Run(() =>
    {
        StopJob(force, reason);
        OnStopJobCompleted(new AsyncCompletedEventArgs(null, cancelled: false, null));
    });

    /// <summary>Does nothing: the job runs from the moment it is made.</summary>
    public override void StartJob()
    {
    }

    /// <inheritdoc/>
    public override void StartJobAsync() => OnStartJobCompleted(new AsyncCompletedEventArgs(null, cancelled: false, null));

    /// <inheritdoc/>
    public override void SuspendJob() => throw new PSNotSupportedException();

    /// <inheritdoc/>
    public override void SuspendJob(bool force, string reason) => throw new PSNotSupportedException();

    /// <inheritdoc/>
    public override void SuspendJobAsync() => throw new PSNotSupportedException();

    /// <inheritdoc/>
    public override void SuspendJobAsync(bool force, string reason) => throw new PSNotSupportedException();

    /// <inheritdoc/>
    public override void ResumeJob() => throw new PSNotSupportedException();

    /// <inheritdoc/>
    public override void ResumeJobAsync() => throw new PSNotSupportedException();

    /// <inheritdoc/>
    public override void UnblockJob() => throw new PSNotSupportedException();

    /// <inheritdoc/>
    public override void UnblockJobAsync() => throw new PSNotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            isRemoved = true;
            End(force: true);
            streams.Dispose();
        }

        base.Dispose(disposing);
    }

    private void BeginStop(bool force)
    {
        lock (gate)
        {
            if (isFinished)
            {
                return;
            }

            if (!wasStopped)
            {
                wasStopped = true;
                SetJobState(JobState.Stopping);
            }
        }

        End(force);
    }

    /// <summary>Ends what is the job's own: its pool, or only its run.</summary>
    private void End(bool force)
    {
        if (queued is not null)
        {
            queued.Stop();
        }
        else
        {
            _ = force ? Pool.KillAsync() : Pool.StopAsync();
        }
    }

    /// <summary>Takes everything the run yields into the job's streams, and then its end.</summary>
    private async Task FollowAsync()
    {
        try
        {
            if (run is not null && (queued is null || await queued.TryBeginAsync().ConfigureAwait(false)))
            {
                await RunOutput!.WriteAllAsync().ConfigureAwait(false);
            }

            if (queued is { IsPoolGone: true })
            {
                streams.WriteError(PoolErrors.PoolEnded(Pool, Command));
                await FinishAsync(JobState.Failed).ConfigureAwait(false);
                return;
            }

            await WaitForEndAsync().ConfigureAwait(false);
            var hasFailedItems = run?.Progress is { Failed: > 0 };
            if (hasFailedItems)
            {
                statusMessage = $"{run!.Progress.Failed} of {run.Progress.Ended} items failed";
            }

            if ((run?.Failure ?? Pool.Failure) is { } failure)
            {
                streams.WriteError(PoolErrors.RunFailed(failure, Command));
                await FinishAsync(JobState.Failed).ConfigureAwait(false);
            }
            else
            {
                await FinishAsync(run is null || wasStopped || run.WasStopped ? JobState.Stopped : hasFailedItems ? JobState.Failed : JobState.Completed).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (isRemoved && e is (ObjectDisposedException or PSInvalidOperationException))
        {
            // While its results were still coming in.
            Abandon();
        }
#pragma warning disable CA1031 // an event handler of the user's threw, perhaps; a job that says Running for ever would be worse
        catch (Exception e)
#pragma warning restore CA1031
        {
            Abandon();
            await WaitForEndAsync().ConfigureAwait(false);
            AddError(PoolErrors.ResultsUnusable(e, Command));
            await FinishAsync(JobState.Failed).ConfigureAwait(false);
        }
    }

    private void AddError(ErrorRecord error)
    {
        try
        {
            streams.WriteError(error);
        }
#pragma warning disable CA1031 // this may be the collection with the handler; the record is in it all the same
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void Abandon()
    {
        RunOutput?.Dispose();
        if (run is not null)
        {
            Pool.Stop(run);
        }

        End(force: true);
        queued?.End();
    }

    private async Task WaitForEndAsync()
    {
        if (queued is null)
        {
            await Pool.Completion.ConfigureAwait(false);
        }
        else
        {
            queued.End();
        }
    }

    private async Task FinishAsync(JobState state)
    {
        // Who waits for the end may want to go on with the same job log.
        RunOutput?.Dispose();
        lock (gate)
        {
            isFinished = true;
        }

        await streams.FinishAsync(state).ConfigureAwait(false);
        Progress.Complete();
        ending = this;
        try
        {
            SetJobState(state);
        }
        finally
        {
            ending = null;
        }
    }
}
