using QueueLog.Wire;

namespace QueueLog.Journal;

/// <summary>Settles the batch a dead listener had under way.</summary>
internal static class CheckpointRecovery
{
    /// <summary>Finds whether the batch was written. If so the heads move; if not, the files are cut back to where they were.</summary>
    /// <param name="intent">What the dead listener had begun.</param>
    /// <param name="rings">All rings of its journal.</param>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="IOException">A file cannot be cut back.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static bool Settle(BatchIntent intent, IReadOnlyCollection<RingReader> rings)
    {
        var written = intent.Files.TrueForAll(growth => LengthOf(growth.Path) >= growth.After);
        if (!written)
        {
            intent.Files.ForEach(CutBack);
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

    private static void CutBack(FileGrowth growth)
    {
        if (LengthOf(growth.Path) <= growth.Before)
        {
            return;
        }

        using var handle = File.OpenHandle(growth.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.SetLength(handle, growth.Before);
    }
}
