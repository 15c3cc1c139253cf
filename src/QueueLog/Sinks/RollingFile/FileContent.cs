using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static QueueLog.Native.Libc;

namespace QueueLog.Sinks.RollingFile;

/// <summary>What is in a file, without what the file system notes beside it.</summary>
internal static class FileContent
{
    /// <summary>Brings it to the disk itself.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Sync(SafeFileHandle file)
    {
        // On Linux the content, with the length, can be had without the times: half the work. Windows knows no such call, and on
        // macOS neither it nor fsync empties the disk's own cache: .NET's call does on both what is needed.
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        if (fdatasync(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"The disk did not take the file: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }
}
