namespace QueueLog.Queue.Submission;

/// <summary>Which run on the server a pool's run is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Former">The entry of the submitter that has died, where the run goes on with what it left; null for a new run.</param>
internal sealed record RunPlan(string Name, TableEntry? Former)
{
    private const int MaxNameLength = 60;

    // The server keeps histories and blobs for as long: there is nothing to go on with any more.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(7);

    /// <summary>Makes a plan: finds what an earlier pool of the same name has left, to go on with it or to remove it. Removes runs of any name that are too old.</summary>
    /// <exception cref="QueueException">The server does not answer.</exception>
    /// <exception cref="RunInUseException">The run is to be gone on with, and its submitter is alive.</exception>
    public static async Task<RunPlan> MakeAsync(IQueueEngine engine, QueuePoolOptions options, CancellationToken cancellation)
    {
        TableEntry? found = null;
        foreach (var told in (await engine.Runs.GetAllAsync(cancellation).ConfigureAwait(false)).OrderByDescending(static told => told.Revision))
        {
            if (RunEntry.Decode(told.Value.Span) is not { } entry)
            {
                continue;
            }

            if (options.Time.GetUtcNow() - entry.Alive > LongestSilence)
            {
                await engine.DeleteRunAsync(told.Key, cancellation).ConfigureAwait(false);
                continue;
            }

            if (entry.Pool != options.Name)
            {
                continue;
            }

            if (!options.Resumes && entry.Machine != Environment.MachineName)
            {
                // Perhaps somebody else's: it goes by its age.
                continue;
            }

            if (await entry.FindOwnerAsync(engine.Runs, told, 4 * options.Heartbeat, cancellation).ConfigureAwait(false) != OwnerState.Dead)
            {
                _ = !options.Resumes ? true : throw new RunInUseException(options.Name, entry.Machine, entry.Pid);
            }
            else if (options.Resumes && found is null)
            {
                found = told;
            }
            else
            {
                await engine.DeleteRunAsync(told.Key, cancellation).ConfigureAwait(false);
            }
        }

        return found is not null ? new RunPlan(found.Key, found) : new RunPlan(NewName(options.Name), null);
    }

    private static string NewName(string pool)
    {
        var plain = new string([.. pool.Take(MaxNameLength).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_')]);
        return $"{plain}-{System.Security.Cryptography.RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    }
}
