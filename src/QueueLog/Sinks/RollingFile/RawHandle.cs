using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Handles that .NET does not give: of folders, and of files that are only held. For Unix.</summary>
internal static class RawHandle
{
    /// <summary>Opens what is there, with the system's own flags.</summary>
    /// <returns>The handle; null when it cannot be opened, and the last P/Invoke error says why.</returns>
    public static SafeFileHandle? TryOpen(string path, int flags)
    {
        var descriptor = open(path, flags);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own name; the generator of SYSLIB1054 needs unsafe code for no gain
    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, SetLastError = true)]
    private static extern int open(string path, int flags);
#pragma warning restore IDE1006, SYSLIB1054
}
