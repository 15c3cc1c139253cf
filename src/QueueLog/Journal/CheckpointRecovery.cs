using QueueLog.Native;
using QueueLog.Wire;

namespace QueueLog.Journal;

/// <summary>Completes or undoes the batch that a dead listener had begun.</summary>
internal static class CheckpointRecovery
{
    /// <summary>Finds whether the batch was written. If so the heads move; if not, the files are cut back to where they were.</summary>
    /// <param name="intent">What the dead listener had begun.</param>
    /// <param name="rings">All rings of its journal.</param>
    /// <param name="tryLock">Takes the right to write a file; null when a living listener has it.</param>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="IOException">A file cannot be cut back.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static bool Recover(BatchIntent intent, IReadOnlyCollection<RingReader> rings, Func<string, IDisposable?> tryLock)
    {
        var written = intent.Files.TrueForAll(growth => LengthOf(growth.Path) >= growth.After);
        if (!written)
        {
            intent.Files.ForEach(growth => CutBack(growth, tryLock));
            return false;
        }

        foreach (var advance in intent.Rings)
        {
            if (rings.FirstOrDefault(ring => ring.Id == advance.Id) is { } ring && ring.Head < advance.Head)
            {
                Advance(ring, advance);
            }
        }

        return true;
    }

    private static void Advance(RingReader ring, RingAdvance advance)
    {
        try
        {
            ring.CommitTo(advance.Head, advance.Sequence);
        }
        catch (ProtocolException)
        {
            // One ring that is nonsense keeps no log from starting. Whoever reads it on says so; what was passed is written.
        }
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : -1;

    // Several listeners may write the files of one path with tokens, and a file whose name has a date is not the log that is locked.
    // Behind the dead one's bytes may stand what a living one has written since: rather a record twice than one of those cut off. The
    // batch's own bytes end where it says, at the most.
    private static void CutBack(FileGrowth growth, Func<string, IDisposable?> tryLock)
    {
        if (LengthOf(growth.Path) <= growth.Before)
        {
            return;
        }

        using var taken = tryLock(growth.Path);
        if (taken is null || LengthOf(growth.Path) > growth.After)
        {
            return;
        }

        try
        {
            using var handle = NamedFile.Open(growth.Path);
            if (handle is not null && WriteLock.TryAcquire(handle))
            {
                // The time of its last entry tells to which period the file belongs.
                var lastWrite = File.GetLastWriteTimeUtc(handle);
                RandomAccess.SetLength(handle, growth.Before);
                File.SetLastWriteTimeUtc(handle, lastWrite);
            }
        }
        catch (FileReplacedException)
        {
            // It is none of ours any more.
        }
    }
}
