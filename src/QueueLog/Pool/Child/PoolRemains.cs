using QueueLog.Pool.Processes;
using QueueLog.Transport;

namespace QueueLog.Pool.Child;

/// <summary>The files of a pool that was killed: it could not tidy up behind itself, so its workers do.</summary>
internal static class PoolRemains
{
    // How often, and in what distance, a pool is looked for that has closed the pipe: nearly to the worker's last moment, since the
    // system takes its time to end a process where it has much to do.
    private const int LooksForPool = 60;

    // A worker that was just starting has no last moment, and nothing else to do.
    private const int LooksAtStart = 500;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Deletes them, unless the pool lives.</summary>
    /// <param name="address">The pool's.</param>
    /// <param name="mapped">What this process has of them.</param>
    /// <param name="isStarting">Whether this process had not come so far as to work.</param>
    public static void Delete(string address, IDisposable[] mapped, bool isStarting = false)
    {
        // One that lives has only lost this worker, and the others need what would be deleted; of one that is just dying the
        // system may close this pipe first, and its socket a moment later.
        for (var look = 0; PipeConnector.IsAnswering(address); look++)
        {
            if (look == (isStarting ? LooksAtStart : LooksForPool))
            {
                return;
            }

            Thread.Sleep(BetweenLooks);
        }

        if (OperatingSystem.IsWindows())
        {
            // What is mapped cannot be deleted there.
            Array.ForEach(mapped, static memory => memory.Dispose());
        }

        try
        {
            File.Delete(SharedProgress.PathFor(address));
            LastRecords.DeleteAll(address);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(address);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another worker is at it.
        }
    }
}
