using System.IO.Compression;
using QueueLog.Native;

namespace QueueLog.Sinks.RollingFile;

/// <summary>What a compression leaves that was killed.</summary>
internal static class Leftovers
{
    /// <summary>Removes what was compressed in part, and each file whose compressed form is finished.</summary>
    /// <exception cref="IOException">One cannot be removed or read.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static void Remove(RollingPath path)
    {
        File.Delete(path.FullPathOf(path.UnfinishedName));
        File.Delete(path.Log + RollingPath.NextExtension);
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
        using var one = NamedFile.OpenToRead(original);
        using var other = NamedFile.OpenToRead(compressed);
        if (one is null || other is null)
        {
            return false;
        }

        using var plain = new FileStream(one, FileAccess.Read);
        using var file = new FileStream(other, FileAccess.Read);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        var expected = new byte[64 * 1024];
        var found = new byte[expected.Length];
        try
        {
            int count;
            do
            {
                count = plain.ReadAtLeast(expected, expected.Length, throwOnEndOfStream: false);
                if (unpacked.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) != count || !expected.AsSpan(0, count).SequenceEqual(found.AsSpan(0, count)))
                {
                    return false;
                }
            }
            while (count == expected.Length);

            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
