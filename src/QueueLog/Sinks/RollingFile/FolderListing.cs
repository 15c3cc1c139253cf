using System.IO.Enumeration;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Lists what may be old files of a log.</summary>
internal static class FolderListing
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Everything in the log's folder whose name begins with the log's.</summary>
    /// <param name="path">The log.</param>
    /// <param name="withFacts">Whether lengths and times are wanted: on Unix each costs a call.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static List<FoundFile> Of(RollingPath path, bool withFacts)
    {
        var files = new FileSystemEnumerable<FoundFile>(path.Folder, Find, Everything) { ShouldIncludePredicate = Belongs };
        return [.. files];

        bool Belongs(ref FileSystemEntry entry) => entry.FileName.StartsWith(path.Prefix, RollingPath.NameComparison);

        FoundFile Find(ref FileSystemEntry entry)
        {
            var name = entry.FileName.ToString();
            return withFacts && !entry.IsDirectory
                ? new FoundFile(name, entry.Length, entry.LastWriteTimeUtc.UtcDateTime)
                : new FoundFile(name, IsFolder: entry.IsDirectory);
        }
    }
}

/// <summary>What stands in a folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its bytes, where they were asked for.</param>
/// <param name="LastWrite">When it was last written, in UTC, where that was asked for.</param>
/// <param name="IsFolder">Whether it is a folder: its name is taken, and that is all.</param>
internal readonly record struct FoundFile(string Name, long Length = 0, DateTime LastWrite = default, bool IsFolder = false);
