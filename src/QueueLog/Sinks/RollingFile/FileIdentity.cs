using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Which file it is, whatever name it goes by: tells whether a path still leads to the file that is open.</summary>
// As long as the file is open the system gives its number to no other.
internal readonly record struct FileIdentity(ulong Volume, ulong Number)
{
    // AT_FDCWD: what a path is relative to, if it is.
    private static readonly SafeFileHandle CurrentDirectory = new(-100, ownsHandle: false);

    /// <summary>The identity of an open file; null where the system does not tell.</summary>
    public static FileIdentity? Of(SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows())
        {
            return OfWindows(handle);
        }

        return OperatingSystem.IsLinux() ? OfLinux(handle, "") : OfTime(File.GetCreationTimeUtc(handle));
    }

    /// <summary>The identity of the file a path leads to; null when there is none.</summary>
    public static FileIdentity? Of(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                return OfWindows(handle);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Missing, or deleted and only kept by our own handle.
                return null;
            }
        }

        if (OperatingSystem.IsLinux())
        {
            return OfLinux(CurrentDirectory, path);
        }

        return File.Exists(path) ? OfTime(File.GetCreationTimeUtc(path)) : null;
    }

    /// <summary>Whether the file a path leads to may go by another name, too: it has hard links, or the system does not tell.</summary>
    public static bool HasOtherNames(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> result = stackalloc byte[256];
        if (OperatingSystem.IsWindows())
        {
            // nNumberOfLinks
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return !GetFileInformationByHandle(handle, ref MemoryMarshal.GetReference(result)) || MemoryMarshal.Read<uint>(result[40..]) > 1;
        }

        // stx_nlink
        const uint WantLinks = 0x4;
        return !OperatingSystem.IsLinux() || !TryStat(CurrentDirectory, path, WantLinks, result) || MemoryMarshal.Read<uint>(result[16..]) > 1;
    }

    // macOS keeps the time of a file's birth to the nanosecond, and its stat has another name and layout for each processor.
    private static FileIdentity OfTime(DateTime birth) => new(0, (ulong)birth.Ticks);

    [SupportedOSPlatform("linux")]
    private static FileIdentity? OfLinux(SafeFileHandle directory, string path)
    {
        const uint WantNumber = 0x100;
        Span<byte> result = stackalloc byte[256];
        if (!TryStat(directory, path, WantNumber, result))
        {
            return null;
        }

        return new FileIdentity(MemoryMarshal.Read<ulong>(result[136..]), MemoryMarshal.Read<ulong>(result[32..]));
    }

    // struct statx has the same layout on every Linux architecture: stx_nlink at 16, stx_ino at 32, stx_dev_major and _minor at
    // 136 and 140.
    [SupportedOSPlatform("linux")]
    private static bool TryStat(SafeFileHandle directory, string path, uint wanted, Span<byte> result)
    {
        const int EmptyPath = 0x1000;
        try
        {
            return statx(directory, path, path.Length == 0 ? EmptyPath : 0, wanted, ref MemoryMarshal.GetReference(result)) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [SupportedOSPlatform("windows")]
    private static FileIdentity? OfWindows(SafeFileHandle handle)
    {
        // BY_HANDLE_FILE_INFORMATION: the volume's serial number at 28, the two halves of the file's index at 44 and 48.
        Span<byte> result = stackalloc byte[52];
        if (!GetFileInformationByHandle(handle, ref MemoryMarshal.GetReference(result)))
        {
            return null;
        }

        var high = BinaryPrimitives.ReadUInt32LittleEndian(result[44..]);
        var low = BinaryPrimitives.ReadUInt32LittleEndian(result[48..]);
        return new FileIdentity(BinaryPrimitives.ReadUInt32LittleEndian(result[28..]), ((ulong)high << 32) | low);
    }

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own names; the generator of SYSLIB1054 needs unsafe code for no gain
    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int statx(SafeFileHandle directory, string path, int flags, uint mask, ref byte result);

    [DllImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetFileInformationByHandle(SafeFileHandle file, ref byte result);
#pragma warning restore IDE1006, SYSLIB1054
}
