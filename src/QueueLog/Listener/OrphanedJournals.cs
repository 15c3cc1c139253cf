using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Sinks.RollingFile;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>A log's journals as a starting listener finds them, with its predecessor's last batch completed or undone.</summary>
internal sealed class OrphanedJournals : IDisposable
{
    private OrphanedJournals(IReadOnlyList<JournalFolder> folders, IReadOnlyList<RingReader> rings, IReadOnlyList<string> unreadable)
    {
        Folders = folders;
        Rings = rings;
        Unreadable = unreadable;
    }

    /// <summary>The listener's own first.</summary>
    public IReadOnlyList<JournalFolder> Folders { get; }

    /// <summary>Of the dead and of the living.</summary>
    public IReadOnlyList<RingReader> Rings { get; }

    /// <summary>Why a ring is nonsense, for each that is: the log is to say so.</summary>
    public IReadOnlyList<string> Unreadable { get; }

    /// <summary>Takes the journals of a log. Its files must not be open yet: they may be cut back.</summary>
    /// <param name="log">Full path of the log.</param>
    /// <param name="locks">Who may write which file.</param>
    /// <param name="failures">Told of rings that cannot be read.</param>
    /// <param name="isShared">Whether the log may have several listeners at a time, since its path has tokens.</param>
    /// <exception cref="UnauthorizedAccessException">The state folder is not the user's own, or a file may not be cut back.</exception>
    /// <exception cref="IOException">No journal can be made, or a file cannot be cut back.</exception>
    public static OrphanedJournals Claim(string log, FileLockScope locks, FailureLog failures, bool isShared = true)
    {
        var folders = JournalFolder.Claim(log, isShared);
        var rings = new List<RingReader>();
        var unreadable = new List<string>();
        try
        {
            foreach (var folder in folders)
            {
                folder.RemoveUnfinished();
                rings.AddRange(folder.Rings.ToArray().Select(path => Open(path, unreadable, failures)).OfType<RingReader>());
            }

            foreach (var folder in folders)
            {
                if (folder.Checkpoint.Read() is { } intent && CheckpointRecovery.Recover(intent, rings, path => TryLock(path, locks)))
                {
                    intent.Feeds.ForEach(feed => FeedPosition.Write(folder.Path, feed.Key, feed.Position));
                }

                folder.Checkpoint.Clear();
            }

            FaultPoint.Reach(JournalFault.InRecovery);
            return new OrphanedJournals(folders, rings, unreadable);
        }
        catch
        {
            new OrphanedJournals(folders, rings, unreadable).Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var ring in Rings)
        {
            ring.Dispose();
        }

        foreach (var folder in Folders)
        {
            folder.Dispose();
        }
    }

    private static FileLock? TryLock(string path, FileLockScope locks)
    {
        try
        {
            return FileLock.Acquire(RealPath.Of(path), locks);
        }
        catch (LogFileInUseException)
        {
            return null;
        }
    }

    private static RingReader? Open(string path, List<string> unreadable, FailureLog failures)
    {
        try
        {
            return RingReader.Open(path);
        }
        catch (JournalException) when (!File.Exists(path))
        {
            // Its writer found it empty and took it along.
            return null;
        }
        catch (ProtocolException e)
        {
            failures.ReportClient(path, FailureSeverity.Permanent, $"A journal cannot be read, and what it holds is not written: {e.Message}", e);
            unreadable.Add(e.Message);
            RingFiles.SetAside(path);
            return null;
        }
        catch (IOException e)
        {
            // For want of memory, say: the next listener may do better.
            failures.ReportClient(path, FailureSeverity.Temporary, $"A journal cannot be opened, and what it holds is not written now: {e.Message}", e);
            return null;
        }
    }
}
