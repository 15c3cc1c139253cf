using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.Native;

/// <summary>Whose a file is on Unix and who may do what with it: what one that takes its place is to have, too.</summary>
/// <param name="Owner">The user it belongs to.</param>
/// <param name="Group">The group it belongs to.</param>
/// <param name="Mode">Who may read, write and execute it.</param>
internal readonly record struct FileRights(uint Owner, uint Group, UnixFileMode Mode)
{
    private const UnixFileMode All = (UnixFileMode)0b111_111_111;
    private const uint Same = uint.MaxValue;

    /// <returns>Null where the system does not tell, and on Windows, where a file has those of its folder.</returns>
    public static FileRights? Of(SafeFileHandle file) =>
        !OperatingSystem.IsWindows() && FileStatus.Of(file) is { } status ? new FileRights(status.Owner, status.Group, status.Mode & All) : null;

    /// <summary>Gives them to another file, as far as this user may: what its group could do in another group is not given to that.</summary>
    /// <exception cref="IOException">The file system does not take them.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    [UnsupportedOSPlatform("windows")]
    public void GiveTo(SafeFileHandle file)
    {
        if (Of(file) is not { } present || present == this)
        {
            return;
        }

        var mode = Mode;
        if (present.Owner != Owner && fchown(file, Owner, Same) == 0)
        {
            present = present with { Owner = Owner };
        }

        if (present.Group != Group && fchown(file, Same, Group) != 0)
        {
            var ofOthers = (UnixFileMode)(((int)mode & 0b111) << 3);
            mode &= ofOthers | ~(UnixFileMode)0b111_000;
        }

        File.SetUnixFileMode(file, mode);
    }

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own name; the generator of SYSLIB1054 needs unsafe code for no gain
    [DllImport("libc")]
    private static extern int fchown(SafeFileHandle file, uint owner, uint group);
#pragma warning restore IDE1006, SYSLIB1054
}
