using System.Collections.Concurrent;
using System.ComponentModel;
using System.Management.Automation;

namespace QueueLog.PowerShell;

/// <summary>How the job commands find pools. The engine makes one for each session that imports the module.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PoolJobSourceAdapter : JobSourceAdapter
{
    private readonly ConcurrentDictionary<Guid, PoolJob> jobs = new();

    /// <summary>Called by the engine.</summary>
    public PoolJobSourceAdapter() => Name = PoolJob.TypeName;

    /// <inheritdoc/>
    public override Job2 NewJob(JobInvocationInfo specification)
    {
        var job = (PoolJob)specification.Parameters[0][0].Value;
        jobs[job.InstanceId] = job;
        return job;
    }

    /// <inheritdoc/>
    public override IList<Job2> GetJobs() => Where(static _ => true);

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByName(string name, bool recurse)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return Where(job => pattern.IsMatch(job.Name));
    }

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByCommand(string command, bool recurse)
    {
        var pattern = WildcardPattern.Get(command, WildcardOptions.IgnoreCase);
        return Where(job => pattern.IsMatch(job.Command));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// <c>Receive-Job -Wait -AutoRemoveJob</c> may remove a job twice: itself, when it finds it finished, and again when it is
    /// told that it has finished. Whoever is told of an end therefore still finds the job, and the engine has no error to show.
    /// </remarks>
    public override Job2? GetJobByInstanceId(Guid instanceId, bool recurse) =>
        jobs.GetValueOrDefault(instanceId) ?? (PoolJob.Ending is { } ending && ending.InstanceId == instanceId ? ending : null);

    /// <inheritdoc/>
    public override Job2? GetJobBySessionId(int id, bool recurse) => Where(job => job.Id == id) is [var job, ..] ? job : null;

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByState(JobState state, bool recurse) => Where(job => job.JobStateInfo.State == state);

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByFilter(Dictionary<string, object> filter, bool recurse) => [];

    /// <inheritdoc/>
    public override void RemoveJob(Job2 job) => jobs.TryRemove(job.InstanceId, out _);

    private List<Job2> Where(Func<PoolJob, bool> condition)
    {
        var found = new List<Job2>();
        foreach (var job in jobs.Values)
        {
            if (condition(job))
            {
                found.Add(job);
            }
        }

        return found;
    }
}
