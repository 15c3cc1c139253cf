using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using QueueLog.Native;
using static QueueLog.Native.Libc;

namespace QueueLog.Sinks.RollingFile;

/// <summary>The names in a folder, which on Unix reach the disk apart from the files they name.</summary>
internal static class FolderEntries
{
    /// <summary>Brings the names in a folder to the disk, and those in the folders above it: in so many folders in all.</summary>
    /// <exception cref="IOException">The disk did not take them.</exception>
    public static void Sync(string folder, int count)
    {
        // Windows has no such call for a folder: its file systems write a file's name with the file, through their own journal.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        for (var current = folder; count > 0 && current is not null; current = Path.GetDirectoryName(current))
        {
            SyncUnix(current);
            count--;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void SyncUnix(string folder)
    {
        const int InvalidArgument = 22;
        using var handle = RawHandle.OfFolder(folder) ?? throw Explain(folder, Marshal.GetLastPInvokeError());
        if (fsync(handle) != 0 && Marshal.GetLastPInvokeError() is var error and not InvalidArgument)
        {
            // Invalid argument: a file system, of a network mostly, that knows no sync of a folder.
            throw Explain(folder, error);
        }
    }

    private static IOException Explain(string folder, int error) =>
        new($"The folder '{folder}' could not be synced: {Marshal.GetPInvokeErrorMessage(error)}", error);
}
