using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using QueueLog.Journal;
using QueueLog.Native;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Writes the compressed form of a file.</summary>
internal static class UnfinishedGzip
{
    private const int PartLength = 64 * 1024;

    /// <summary>Compresses a file into a new one, which reaches the disk itself, and has its time and its rights.</summary>
    /// <param name="source">The file.</param>
    /// <param name="path">The new one.</param>
    /// <param name="isCancelled">Asked between the parts.</param>
    /// <returns>How many bytes were compressed, and which file the new one is; null when it was cancelled.</returns>
    /// <exception cref="IOException">It cannot be read or written, or something has that name.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static (long Length, FileIdentity? Identity)? Write(SafeFileHandle source, string path, Func<bool> isCancelled)
    {
        using var file = new FileStream(NamedFile.Create(path, FileRights.Of(source)), FileAccess.Write);
        var length = 0L;
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
        {
            var part = new byte[PartLength];
            for (int count; (count = RandomAccess.Read(source, part, length)) > 0; length += count)
            {
                if (isCancelled())
                {
                    return null;
                }

                gzip.Write(part, 0, count);
                FaultPoint.Reach(JournalFault.InCompression);
            }
        }

        // The age of what is in it, and not of the compression, says when it is old enough to be deleted.
        file.Flush();
        File.SetLastWriteTimeUtc(file.SafeFileHandle, File.GetLastWriteTimeUtc(source));
        file.Flush(flushToDisk: true);
        return (length, FileIdentity.Of(file.SafeFileHandle));
    }
}
