using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Workers;

namespace QueueLog.PowerShell;

/// <summary>A pool as a PowerShell job: what <c>Start-WorkerPool</c> gives.</summary>
public sealed class PoolJob : Job2
{
    /// <summary>The type name the job commands show and filter by.</summary>
    internal const string TypeName = "QueueLogPool";

    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(3);

    private readonly PoolRun? run;
    private readonly object gate = new();
    private bool isFinished;
    private bool wasStopped;

    internal PoolJob(WorkerPool pool, PoolRun? run, string command)
        : base(command, pool.Name)
    {
        Pool = pool;
        this.run = run;
        PSJobTypeName = TypeName;
        Output.EnumeratorNeverBlocks = true;
        SetJobState(JobState.Running);
        var runspace = Runspace.DefaultRunspace;
        _ = Task.Run(() => FollowAsync(runspace));
    }

    /// <inheritdoc/>
    public override bool HasMoreData =>
        Output.Count > 0 || Error.Count > 0 || Warning.Count > 0 || Verbose.Count > 0 || Debug.Count > 0 || Information.Count > 0 || Progress.Count > 0;

    /// <inheritdoc/>
    public override string Location => "localhost";

    /// <inheritdoc/>
    public override string StatusMessage => "";

    internal WorkerPool Pool { get; }

    /// <inheritdoc/>
    public override void StopJob() => StopJob(false, "");

    /// <inheritdoc/>
    public override void StopJob(bool force, string reason)
    {
        BeginStop(force);
        Finished.WaitOne(StopDeadline);
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
            _ = Pool.KillAsync();
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

        _ = force ? Pool.KillAsync() : Pool.StopAsync();
    }

    /// <summary>Takes everything the run yields into the job's streams, and then its end.</summary>
    private async Task FollowAsync(Runspace? runspace)
    {
        try
        {
            if (run is not null)
            {
                var output = new JobOutput(this, runspace);
                await foreach (var workEvent in run.Events.ReadAllAsync().ConfigureAwait(false))
                {
                    output.Write(workEvent);
                }
            }

            await Pool.Completion.ConfigureAwait(false);
            if ((run?.Failure ?? Pool.Failure) is { } failure)
            {
                Error.Add(Errors.RunFailed(failure, Command));
                Finish(JobState.Failed);
            }
            else
            {
                Finish(run is null || wasStopped || run.WasStopped ? JobState.Stopped : JobState.Completed);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or PSInvalidOperationException)
        {
            // The job was removed while its results were still coming in.
            Abandon();
        }
#pragma warning disable CA1031 // an event handler of the user's threw, perhaps; a job that says Running for ever would be worse
        catch (Exception e)
#pragma warning restore CA1031
        {
            Abandon();
            await Pool.Completion.ConfigureAwait(false);
            Error.Add(Errors.RunFailed(new RunFailure("ResultsUnusable", e.Message), Command));
            Finish(JobState.Failed);
        }
    }

    private void Abandon()
    {
        if (run is not null)
        {
            Pool.Stop(run);
        }

        _ = Pool.KillAsync();
    }

    private void Finish(JobState state)
    {
        lock (gate)
        {
            isFinished = true;
        }

        Output.Complete();
        Error.Complete();
        Warning.Complete();
        Verbose.Complete();
        Debug.Complete();
        Information.Complete();
        Progress.Complete();
        SetJobState(state);
    }
}
