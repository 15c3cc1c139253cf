using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace QueueLog.Transport;

/// <summary>The folder for sockets and locks: the current user's only, and the same for all of that user's sessions.</summary>
internal static class StateFolder
{
    /// <summary>Environment variable that puts the folder elsewhere.</summary>
    public const string OverrideVariable = "QUEUELOG_STATE";

    /// <summary>The folder's path; it may not exist yet.</summary>
    public static string Default
    {
        get
        {
            var chosen = Environment.GetEnvironmentVariable(OverrideVariable);
            if (!string.IsNullOrEmpty(chosen))
            {
                return Path.GetFullPath(chosen);
            }

            // Not $XDG_RUNTIME_DIR: it is removed when the user logs out, while scripts under nohup go on. Not $TMPDIR: it
            // may differ between two sessions that must find each other.
            return OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "QueueLog")
                : $"/tmp/queuelog-{GetEffectiveUserId()}";
        }
    }

    /// <summary>Creates the folder where needed and makes sure that it is no one else's.</summary>
    /// <returns>The folder's path.</returns>
    /// <exception cref="UnauthorizedAccessException">Another user owns it, or planted a link in its place.</exception>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static string Ensure() => Ensure(Default);

    /// <summary>The same for a folder of any path.</summary>
    /// <returns>The path.</returns>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    /// <exception cref="IOException">As above.</exception>
    public static string Ensure(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return path;
        }

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(path, OwnerOnly);
        var folder = new DirectoryInfo(path);
        if (folder.LinkTarget is not null)
        {
            throw new UnauthorizedAccessException($"The state folder '{path}' is a symbolic link; remove it, or set {OverrideVariable} to a folder of your own.");
        }

        if (folder.UnixFileMode != OwnerOnly)
        {
            // Only its owner may do this, so it is also the check that the folder is ours (root is checked below).
            folder.UnixFileMode = OwnerOnly;
        }

        if (OperatingSystem.IsLinux() && TryGetOwner(path, out var owner) && owner != GetEffectiveUserId())
        {
            throw new UnauthorizedAccessException($"The state folder '{path}' belongs to user {owner}; remove it, or set {OverrideVariable} to a folder of your own.");
        }

        return path;
    }

    [SupportedOSPlatform("linux")]
    private static bool TryGetOwner(string path, out uint owner)
    {
        // struct statx has the same layout on every Linux architecture; stx_uid is at offset 20.
        const int CurrentDirectory = -100;
        const int NoFollow = 0x100;
        const uint WantUid = 0x8;
        var buffer = new byte[256];
        owner = 0;
        try
        {
            if (statx(CurrentDirectory, path, NoFollow, WantUid, buffer) != 0)
            {
                return false;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }

        owner = BitConverter.ToUInt32(buffer, 20);
        return true;
    }

    [UnsupportedOSPlatform("windows")]
    private static uint GetEffectiveUserId() => geteuid();

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own names; the generator of SYSLIB1054 needs unsafe code for no gain
    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int statx(int directory, string path, int flags, uint mask, byte[] result);
#pragma warning restore IDE1006, SYSLIB1054
}
