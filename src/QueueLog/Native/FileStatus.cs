using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.Native;

/// <summary>What Linux and macOS say of a file.</summary>
/// <param name="Device">The number of what it lies on.</param>
/// <param name="Number">Its own number there; as long as it is open no other gets it.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Owner">The user it belongs to.</param>
/// <param name="Group">The group it belongs to.</param>
/// <param name="TypeAndMode">What it is, and who may do what with it.</param>
[UnsupportedOSPlatform("windows")]
internal readonly record struct FileStatus(ulong Device, ulong Number, uint Links, uint Owner, uint Group, ushort TypeAndMode)
{
    private const ushort TypeMask = 0xF000;
    private const uint Root = 0;

    private const int LinuxFollow = 0;
    private const int LinuxNoFollow = 0x100;
    private const int LinuxEmptyPath = 0x1000;

    // AT_FDCWD: what a path is relative to, if it is.
    private static readonly SafeFileHandle CurrentDirectory = new(-100, ownsHandle: false);

    private delegate int MacCall(SafeFileHandle file, string path, Span<byte> result);

    /// <summary>The user that this process has the rights of.</summary>
    public static uint User => geteuid();

    public bool IsRegular => (TypeAndMode & TypeMask) == 0x8000;

    public bool IsLink => (TypeAndMode & TypeMask) == 0xA000;

    public UnixFileMode Mode => (UnixFileMode)(TypeAndMode & ~TypeMask);

    /// <summary>Whether it belongs to this user, or to root, who may do all anyway.</summary>
    public bool IsTrusted => Owner == Root || Owner == User;

    /// <summary>Of a folder: whether others than its owner may make names in it.</summary>
    public bool LetsOthersWrite => (Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    /// <summary>What a path leads to.</summary>
    /// <returns>Null when there is nothing, or the system does not tell.</returns>
    public static FileStatus? Of(string path) => Ask(CurrentDirectory, path, LinuxFollow, static (_, path, result) => MacStat(path, ref MemoryMarshal.GetReference(result)));

    /// <summary>What has the very name, which may be a link.</summary>
    /// <inheritdoc cref="Of(string)"/>
    public static FileStatus? OfName(string path) => Ask(CurrentDirectory, path, LinuxNoFollow, static (_, path, result) => MacStatName(path, ref MemoryMarshal.GetReference(result)));

    /// <summary>What is open.</summary>
    /// <inheritdoc cref="Of(string)"/>
    public static FileStatus? Of(SafeFileHandle handle) => Ask(handle, "", LinuxEmptyPath, static (handle, _, result) => MacStatOpen(handle, ref MemoryMarshal.GetReference(result)));

    private static FileStatus? Ask(SafeFileHandle folder, string path, int flags, MacCall mac)
    {
        // STATX_BASIC_STATS without sizes and times.
        const uint Wanted = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x100;
        Span<byte> result = stackalloc byte[256];
        try
        {
            if (OperatingSystem.IsMacOS())
            {
                return mac(folder, path, result) == 0 ? OfMac(result) : null;
            }

            return OperatingSystem.IsLinux() && statx(folder, path, flags, Wanted, ref MemoryMarshal.GetReference(result)) == 0 ? OfLinux(result) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    // struct statx has the same layout on every Linux architecture: the two halves of the device's number are at 136 and 140.
    private static FileStatus OfLinux(ReadOnlySpan<byte> result) => new(
        MemoryMarshal.Read<ulong>(result[136..]),
        MemoryMarshal.Read<ulong>(result[32..]),
        MemoryMarshal.Read<uint>(result[16..]),
        MemoryMarshal.Read<uint>(result[20..]),
        MemoryMarshal.Read<uint>(result[24..]),
        MemoryMarshal.Read<ushort>(result[28..]));

    // struct stat of 64-bit file numbers, the only one there is for Apple's own processors.
    private static FileStatus OfMac(ReadOnlySpan<byte> result) => new(
        MemoryMarshal.Read<uint>(result),
        MemoryMarshal.Read<ulong>(result[8..]),
        MemoryMarshal.Read<ushort>(result[6..]),
        MemoryMarshal.Read<uint>(result[16..]),
        MemoryMarshal.Read<uint>(result[20..]),
        MemoryMarshal.Read<ushort>(result[4..]));

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private static int MacStat(string path, ref byte result) => IsArm ? stat(path, ref result) : stat64(path, ref result);

    private static int MacStatName(string path, ref byte result) => IsArm ? lstat(path, ref result) : lstat64(path, ref result);

    private static int MacStatOpen(SafeFileHandle file, ref byte result) => IsArm ? fstat(file, ref result) : fstat64(file, ref result);

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own names; the generator of SYSLIB1054 needs unsafe code for no gain
    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int statx(SafeFileHandle folder, string path, int flags, uint mask, ref byte result);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int stat(string path, ref byte result);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int lstat(string path, ref byte result);

    [DllImport("libc")]
    private static extern int fstat(SafeFileHandle file, ref byte result);

    [DllImport("libc", EntryPoint = "stat$INODE64", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int stat64(string path, ref byte result);

    [DllImport("libc", EntryPoint = "lstat$INODE64", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int lstat64(string path, ref byte result);

    [DllImport("libc", EntryPoint = "fstat$INODE64")]
    private static extern int fstat64(SafeFileHandle file, ref byte result);
#pragma warning restore IDE1006, SYSLIB1054
}
