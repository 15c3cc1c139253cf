using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.Native;

/// <summary>The right to write a file, held as a lock of the open file itself: everyone else who opens the file finds it locked, from any user or container.</summary>
// Of a byte where no file has any: who only reads, copies or empties the file is not kept from it. The system takes it back with the handle.
internal static class WriteLock
{
    private const long Offset = 0x4000_0000_0000_0000;

    /// <summary>Takes it.</summary>
    /// <returns>False when another handle has it. Where the system or the file system knows no such lock, everyone gets it.</returns>
    public static bool TryAcquire(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            const int LockViolation = 33;
            return LockFile(file, 0, (uint)(Offset >> 32), 1, 0) || Marshal.GetLastPInvokeError() != LockViolation;
        }

        return !OperatingSystem.IsLinux() || !Environment.Is64BitProcess || IsOfNetwork(file) || TryAcquireLinux(file);
    }

    [SupportedOSPlatform("linux")]
    private static bool TryAcquireLinux(SafeFileHandle file)
    {
        // F_OFD_SETLK, since a lock by F_SETLK would be the process's and end with any of its handles.
        const int SetLock = 37;
        const int TryAgain = 11;
        const int AccessDenied = 13;
        var wanted = new Flock { Type = 1, Start = Offset, Length = 1 };
        return fcntl(file, SetLock, ref wanted) == 0 || Marshal.GetLastPInvokeError() is not (TryAgain or AccessDenied);
    }

    // There .NET's own locks, which every reader takes, are of the same kind and on all of the file.
    [SupportedOSPlatform("linux")]
    private static bool IsOfNetwork(SafeFileHandle file)
    {
        Span<byte> status = stackalloc byte[256];
        return fstatfs(file, ref MemoryMarshal.GetReference(status)) == 0
            && (uint)MemoryMarshal.Read<long>(status) is 0x6969 or 0x517B or 0xFF53_4D42 or 0xFE53_4D42;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Flock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }

#pragma warning disable IDE1006, SYSLIB1054 // the systems' own names; the generator of SYSLIB1054 needs unsafe code for no gain
    [DllImport("libc", SetLastError = true)]
    private static extern int fcntl(SafeFileHandle file, int command, ref Flock wanted);

    [DllImport("libc")]
    private static extern int fstatfs(SafeFileHandle file, ref byte status);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool LockFile(SafeFileHandle file, uint offset, uint offsetHigh, uint length, uint lengthHigh);
#pragma warning restore IDE1006, SYSLIB1054
}
