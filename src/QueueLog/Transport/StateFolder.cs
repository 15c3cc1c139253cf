using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using QueueLog.Native;

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
                : Path.Combine("/tmp", OwnName);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static string OwnName => $"queuelog-{FileStatus.User}";

    /// <summary>Creates the folder where needed and makes sure that nobody else can enter it.</summary>
    /// <returns>The folder's path.</returns>
    /// <exception cref="UnauthorizedAccessException">Another user owns it, can enter it, or planted a link in its place.</exception>
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

        const UnixFileMode OwnerOnly = (UnixFileMode)0b111_000_000;
        const UnixFileMode Others = (UnixFileMode)0b000_111_111;
        Directory.CreateDirectory(path, OwnerOnly);
        using var folder = RawHandle.OfFolderItself(path);
        if (folder is null || FileStatus.Of(folder) is not { } status)
        {
            throw Refuse(path, FileStatus.OfName(path) is { IsLink: true } ? "is a symbolic link, which somebody may have planted" : $"cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        if (status.Owner != FileStatus.User)
        {
            throw Refuse(path, $"belongs to user {status.Owner}");
        }

        if ((status.Mode & Others) == 0)
        {
            return path;
        }

        // Only a folder of this name is ours to change; and the open one, whatever has its name by now.
        if (Path.GetFileName(path) != OwnName)
        {
            throw Refuse(path, $"can be entered by others (its mode is {Convert.ToString((int)status.Mode, 8)}, not 700)");
        }

        File.SetUnixFileMode(folder, OwnerOnly);
        return path;
    }

    private static UnauthorizedAccessException Refuse(string path, string reason) =>
        new($"'{path}' {reason}.");
}
