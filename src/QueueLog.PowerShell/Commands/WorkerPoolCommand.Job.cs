using System.Management.Automation;
using QueueLog.Pool;
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
    private bool isHandedOver;

    /// <summary>Starts the pool of a job, and its run if there is something to run.</summary>
    private protected void BeginJob(string name)
    {
        var results = DefineResults();
        if (ScriptBlock is null)
        {
            jobPool = StartPool(name, staysWarm: true, HasSetup ? Define() : null);
        }
        else
        {
            var definition = Define();
            var options = DefineRun();
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

        job = new PoolJob(jobPool, jobRun, ScriptBlock?.ToString() ?? "", results, ProgressActivity(jobPool));
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
            if (TryGather(input, out var item))
            {
                AddItem(jobRun!, job!.RunOutput!, item);
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
                AddOncePerWorker(jobRun, job!.RunOutput!, jobPool!.Count);
            }
            else if (TryTakeGathered(out var rest))
            {
                AddItem(jobRun, job!.RunOutput!, rest);
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
            _ = jobPool?.KillAsync();
            CloseJobLog();
        }
    }
}
