using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Journal;

/// <summary>Journals of logs that nobody listens to any more: memory, on most systems, that nobody else would give back.</summary>
internal static class AbandonedJournals
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Removes those that are empty and have no owner. One that holds a record stays until its log has a listener again.</summary>
    /// <param name="parent">The folder the journals of all logs lie in. The caller holds the take-over lock.</param>
    public static void RemoveFrom(string parent)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (var path in Directory.GetDirectories(parent))
        {
            try
            {
                Remove(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It disturbs nobody.
            }
        }
    }

    private static void Remove(string path)
    {
        // Each listener that starts looks at all of them, and most of those that stay do for this: one look, without their lock.
        if (IsPositionKept(path))
        {
            return;
        }

        using var owner = OwnerLock.TryAcquire(Path.Combine(path, JournalFolder.OwnerFile));
        if (owner is null)
        {
            return;
        }

        if (Directory.GetFiles(path, "*" + RingFiles.UnfinishedExtension).Length == 0
            && !IsPositionKept(path)
            && Array.TrueForAll(Directory.GetFiles(path, "*" + RingFiles.RingExtension), IsDone))
        {
            // First the lock, which is a file in it; nobody takes that without the lock that the caller holds.
            owner.Dispose();
            BusyFile.Retry(() => Directory.Delete(path, recursive: true));
        }
    }

    // How far the log has the records of other machines.
    private static bool IsPositionKept(string path) => Directory.EnumerateFiles(path, "*" + FeedPosition.Extension).Any(file => !IsOld(file));

    // How a writer ended is news for its log, but not for ever.
    private static bool IsOld(string path) => DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > Longest;

    // A checkpoint that stands does not matter then: its records are in the file, or the ring would still have them.
    private static bool IsDone(string path)
    {
        try
        {
            using var ring = RingReader.Open(path);
            return !ring.HasMore && ring.Dropped == ring.DroppedReported && ring.Lost == ring.LostReported && (ring.IsClosed || (IsOld(path) && ring.IsOwnerDead()));
        }
        catch (ProtocolException)
        {
            return false;
        }
    }
}
