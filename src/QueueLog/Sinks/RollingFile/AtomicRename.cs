using static QueueLog.Native.Libc;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Renames files in one step, and never over another.</summary>
// Without that .NET makes a second name on Unix and then removes the first: whoever is killed in between leaves the file there twice.
internal static class AtomicRename
{
    /// <exception cref="IOException">There is something of that name, or nothing to be renamed, or it cannot be renamed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be renamed.</exception>
    public static void Move(string from, string to)
    {
        // Where the system cannot do it, .NET's way; where it could and did not, .NET says why.
        if (!TryMove(from, to))
        {
            File.Move(from, to);
        }
    }

    private static bool TryMove(string from, string to)
    {
        const int CurrentDirectory = -100;
        const uint NoReplaceOnLinux = 1;
        const uint NoReplaceOnMac = 4;
        try
        {
            return (OperatingSystem.IsLinux() && renameat2(CurrentDirectory, from, CurrentDirectory, to, NoReplaceOnLinux) == 0)
                || (OperatingSystem.IsMacOS() && renamex_np(from, to, NoReplaceOnMac) == 0);
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }
}
