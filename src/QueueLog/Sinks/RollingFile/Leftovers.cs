using System.IO.Compression;

namespace QueueLog.Sinks.RollingFile;

/// <summary>What a compression leaves that was killed.</summary>
internal static class Leftovers
{
    /// <summary>Removes what was compressed in part, and each file whose compressed form is finished.</summary>
    /// <exception cref="IOException">One cannot be removed or read.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static void Remove(RollingPath path)
    {
        File.Delete(path.FullPathOf(path.DraftName));
        var old = OldFileRow.Of(path, FolderListing.Of(path, withFacts: false)).ToLookup(file => file.File, file => file.Found.Name);
        foreach (var file in old.Where(file => !file.Key.IsCompressed))
        {
            // Whoever else has made a file of that name, it is no reason to lose the original.
            if (old[file.Key.AsCompressed()].FirstOrDefault() is { } compressed && HaveSameContent(path.FullPathOf(file.First()), path.FullPathOf(compressed)))
            {
                File.Delete(path.FullPathOf(file.First()));
            }
        }
    }

    private static bool HaveSameContent(string original, string compressed)
    {
        const FileShare All = FileShare.ReadWrite | FileShare.Delete;
        using var plain = new FileStream(original, FileMode.Open, FileAccess.Read, All);
        using var file = new FileStream(compressed, FileMode.Open, FileAccess.Read, All);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        var one = new byte[64 * 1024];
        var other = new byte[one.Length];
        try
        {
            int count;
            do
            {
                count = plain.ReadAtLeast(one, one.Length, throwOnEndOfStream: false);
                if (unpacked.ReadAtLeast(other, other.Length, throwOnEndOfStream: false) != count || !one.AsSpan(0, count).SequenceEqual(other.AsSpan(0, count)))
                {
                    return false;
                }
            }
            while (count == one.Length);

            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
