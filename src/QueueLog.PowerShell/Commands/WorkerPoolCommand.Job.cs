using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Pool;
using QueueLog.Records;

namespace QueueLog.PowerShell.Commands;

/// <content>The work as a job.</content>
public abstract partial class WorkerPoolCommand
{
    private IItemPool? jobPool;
    private IItemRun? jobRun;
    private PoolJob? job;
    private bool isOnWarmPool;
    private bool isHandedOver;

    // What is piped on to Receive-Job is shown as it comes; of a job that is kept, nobody knows when.
    private bool IsReceived => PipelineNeighbour.NameAfter(this) == "Receive-Job";

    /// <summary>Starts the pool of a job, unless it is to run on a warm one, and its run if there is something to run.</summary>
    /// <param name="name">The name of the job and of its pool; null for the next.</param>
    /// <param name="warmPool">The warm pool, or its name.</param>
    private protected void BeginJob(string? name, object? warmPool)
    {
        var results = DefineResults();
        isOnWarmPool = warmPool is not null;
        if (warmPool is not null)
        {
            jobPool = FindWarmPool(warmPool);
            var showsStreams = IsReceived && ShowsStreams(jobPool.ListenerAddress);
            jobRun = new QueuedRun(jobPool, Define(showsStreams), WithResults(DefineRun(), results, jobPool.Count) with { ShowsStreams = showsStreams });
        }
        else if (ScriptBlock is null)
        {
            jobPool = StartPool(name, staysWarm: true, HasSetup ? Define() : null);
        }
        else
        {
            var showsStreams = IsReceived && ShowsStreams(ListenerAddress);
            var definition = Define(showsStreams);
            var options = DefineRun() with { ShowsStreams = showsStreams };
            jobPool = StartPool(name, staysWarm: false);
            try
            {
                jobRun = jobPool.TryBegin(definition, WithResults(options, results, jobPool.Count));
            }
            catch (ObjectDisposedException)
            {
                // Its first process is being started already, and may have failed.
                ThrowTerminatingError(PoolErrors.PoolEnded(jobPool, ScriptBlock));
            }
        }

        job = new PoolJob(warmPool is null ? jobPool.Name : name, jobPool, jobRun, ScriptBlock?.ToString() ?? "", results, ProgressActivity(jobPool));
        WarnOfReport(job.WriteWarning);
        if (job.RunOutput is { } output)
        {
            output.Total = TotalItems(null);
        }
    }

    /// <summary>Adds the items of this call: the work begins while the input still comes in.</summary>
    private protected void AddToJob()
    {
        if (!HasInput)
        {
            return;
        }

        foreach (var input in CurrentItems())
        {
            if (Feed.TryBatch(input, out var item))
            {
                Feed.Add(jobRun!, job!.RunOutput!, item);
            }
        }
    }

    /// <summary>Gives the job. Only now is it the user's: an input that ends in an error leaves none behind.</summary>
    private protected void EndJob()
    {
        if (jobRun is not null)
        {
            if (!HasInput)
            {
                Feed.AddOncePerWorker(jobRun, job!.RunOutput!, jobPool!.Count);
            }
            else if (Feed.TryEndBatch(out var rest))
            {
                Feed.Add(jobRun, job!.RunOutput!, rest);
            }

            jobRun.CompleteAdding();
        }

        var definition = new JobDefinition(typeof(PoolJobSourceAdapter), "", job!.Name);
        JobManager.NewJob(new JobInvocationInfo(definition, new Dictionary<string, object> { ["Job"] = job }));
        isHandedOver = true;
        WriteObject(job);
    }

    /// <summary>A job that was given goes on; one that was not ends.</summary>
    private protected void LeaveJob()
    {
        if (!isHandedOver)
        {
            (jobRun as QueuedRun)?.GiveUp();
            if (!isOnWarmPool)
            {
                _ = jobPool?.KillAsync();
            }

            CloseJobLog();
        }
    }
}
