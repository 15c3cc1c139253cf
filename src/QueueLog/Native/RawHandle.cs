using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.Native;

/// <summary>Handles that .NET does not give: of folders, of files that are only held, and of nothing but what has the very name.</summary>
[UnsupportedOSPlatform("windows")]
internal static class RawHandle
{
    private const int PathOnlyOnLinux = 0x200000;

    // The bits differ between systems, and on Linux between processors.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    private static readonly int NonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;
    private static readonly int Folder = OperatingSystem.IsMacOS() ? 0x100000 : IsArm ? 0x4000 : 0x10000;
    private static readonly int NoLink = OperatingSystem.IsMacOS() ? 0x100 : IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Armv6 or Architecture.Arm64 or Architecture.Ppc64le;

    /// <summary>Opens a folder, by a link too.</summary>
    /// <returns>The handle; null when it cannot be opened, and the last P/Invoke error says why.</returns>
    public static SafeFileHandle? OfFolder(string path) => TryOpen(path, CloseOnExec);

    /// <summary>Opens what is a folder itself.</summary>
    /// <inheritdoc cref="OfFolder"/>
    public static SafeFileHandle? OfFolderItself(string path) => TryOpen(path, CloseOnExec | Folder | NoLink);

    /// <summary>Opens a file to read, and not what a link leads to. A pipe is opened, too, without waiting for its other end.</summary>
    /// <inheritdoc cref="OfFolder"/>
    public static SafeFileHandle? ToRead(string path) => TryOpen(path, CloseOnExec | NonBlocking | NoLink);

    /// <summary>Holds a file, which takes no right to it and touches nothing in it.</summary>
    /// <inheritdoc cref="OfFolder"/>
    [SupportedOSPlatform("linux")]
    public static SafeFileHandle? ToHold(string path) => TryOpen(path, CloseOnExec | PathOnlyOnLinux);

    /// <summary>Why the last attempt of this thread failed.</summary>
    public static Exception LastError(string path)
    {
        const int NotPermitted = 1;
        const int NotThere = 2;
        const int AccessDenied = 13;
        var error = Marshal.GetLastPInvokeError();
        var message = $"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'";
        return error switch
        {
            NotThere => new FileNotFoundException(message, path),
            NotPermitted or AccessDenied => new UnauthorizedAccessException(message),
            _ => new IOException(message, error),
        };
    }

    private static SafeFileHandle? TryOpen(string path, int flags)
    {
        const int Interrupted = 4;
        int descriptor;
        while ((descriptor = open(path, flags)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own name; the generator of SYSLIB1054 needs unsafe code for no gain
    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, SetLastError = true)]
    private static extern int open(string path, int flags);
#pragma warning restore IDE1006, SYSLIB1054
}
