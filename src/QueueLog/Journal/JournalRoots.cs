using System.Runtime.Versioning;
using QueueLog.Native;
using QueueLog.Transport;

namespace QueueLog.Journal;

/// <summary>The folders journals may lie in, best first.</summary>
internal static class JournalRoots
{
    private const string SharedMemory = "/dev/shm";

    /// <summary>Those that can be used, made where they are missing. The state folder is always among them.</summary>
    /// <exception cref="UnauthorizedAccessException">The state folder is not the user's own.</exception>
    /// <exception cref="IOException">The state folder cannot be made.</exception>
    public static IReadOnlyList<string> Ensure()
    {
        var state = StateFolder.Ensure();
        if (TryEnsureSharedMemory() is not { } memory)
        {
            return [state];
        }

        return !OperatingSystem.IsWindows() && IsKeptAtLogout() ? [memory, state] : [state, memory];
    }

    private static string? TryEnsureSharedMemory()
    {
        // A folder the user chose holds everything.
        if (!OperatingSystem.IsLinux() || !Directory.Exists(SharedMemory) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(StateFolder.OverrideVariable)))
        {
            return null;
        }

        try
        {
            return StateFolder.Ensure(Path.Combine(SharedMemory, Path.GetFileName(StateFolder.Default)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read-only, or someone else planted it: the state folder serves as well.
            return null;
        }
    }

    // systemd removes what a user has in shared memory when the user's last session ends (RemoveIPC in logind.conf), while a
    // script under nohup goes on. Not for system users, and not without logind.
    [UnsupportedOSPlatform("windows")]
    private static bool IsKeptAtLogout()
    {
        const uint FirstOrdinaryUser = 1000;
        var user = FileStatus.User;
        return user < FirstOrdinaryUser || !Directory.Exists("/run/systemd/users");
    }
}
