using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using QueueLog.Native;
using static QueueLog.Native.Kernel32;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Which file it is, whatever name it goes by: tells whether a path still leads to the file that is open.</summary>
// As long as the file is open the system gives its number to no other.
internal readonly record struct FileIdentity(ulong Volume, UInt128 Number)
{
    /// <summary>The identity of an open file; null where the system does not tell.</summary>
    public static FileIdentity? Of(SafeFileHandle handle)
    {
        return OperatingSystem.IsWindows() ? OfWindows(handle) : OfUnix(FileStatus.Of(handle));
    }

    /// <summary>The identity of the file a path leads to; null when there is none, or the system does not tell.</summary>
    public static FileIdentity? Of(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            using var handle = OpenToIdentify(path);
            return handle.IsInvalid ? null : OfWindows(handle);
        }

        return OfUnix(FileStatus.Of(path));
    }

    /// <summary>Whether a path leads to this file, which is open. Where the system does not tell, it does: a file that is busy is not gone.</summary>
    public bool IsAt(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            return Of(path) == this;
        }

        using var handle = OpenToIdentify(path);
        if (!handle.IsInvalid)
        {
            return OfWindows(handle) is not { } there || there == this;
        }

        // Access is denied to a file that was deleted and that only our own handle keeps.
        const int FileNotFound = 2;
        const int PathNotFound = 3;
        const int AccessDenied = 5;
        return Marshal.GetLastPInvokeError() is not (FileNotFound or PathNotFound or AccessDenied);
    }

    /// <summary>Whether the file a path leads to may go by another name, too: it has hard links, or the system does not tell.</summary>
    public static bool HasOtherNames(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        if (OperatingSystem.IsWindows())
        {
            // nNumberOfLinks
            Span<byte> result = stackalloc byte[52];
            using var handle = OpenToIdentify(path);
            return handle.IsInvalid || !GetFileInformationByHandle(handle, ref MemoryMarshal.GetReference(result)) || MemoryMarshal.Read<uint>(result[40..]) > 1;
        }

        return FileStatus.Of(path) is not { Links: 1 };
    }

    [UnsupportedOSPlatform("windows")]
    private static FileIdentity? OfUnix(FileStatus? status) => status is { } file ? new FileIdentity(file.Device, file.Number) : null;

    [SupportedOSPlatform("windows")]
    private static FileIdentity? OfWindows(SafeFileHandle handle)
    {
        // FILE_ID_INFO: the volume's number of 64 bits, and the file's of 128, which ReFS needs.
        const int IdInformation = 18;
        Span<byte> id = stackalloc byte[24];
        if (GetFileInformationByHandleEx(handle, IdInformation, ref MemoryMarshal.GetReference(id), id.Length))
        {
            return new FileIdentity(MemoryMarshal.Read<ulong>(id), MemoryMarshal.Read<UInt128>(id[8..]));
        }

        // Other file systems have no such. BY_HANDLE_FILE_INFORMATION: the volume's number at 28, the two halves of the file's at 44 and 48.
        Span<byte> result = stackalloc byte[52];
        return GetFileInformationByHandle(handle, ref MemoryMarshal.GetReference(result))
            ? new FileIdentity(MemoryMarshal.Read<uint>(result[28..]), ((ulong)MemoryMarshal.Read<uint>(result[44..]) << 32) | MemoryMarshal.Read<uint>(result[48..]))
            : null;
    }

    // Nothing but its attributes is asked for, so that it is opened whatever others do with it: a scanner shares nothing.
    [SupportedOSPlatform("windows")]
    private static SafeFileHandle OpenToIdentify(string path)
    {
        const uint ReadAttributes = 0x80;
        const uint ShareAll = 7;
        const uint OpenExisting = 3;
        const uint AlsoFolders = 0x02000000;
        return CreateFileW(path, ReadAttributes, ShareAll, 0, OpenExisting, AlsoFolders, 0);
    }
}
