namespace QueueLog.Sinks;

/// <summary>Whether an exception says that there is no room left, be it the disk's or the user's share of it.</summary>
internal static class DiskFull
{
    public static bool Is(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is IOException && IsCode(cause.HResult))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What says so of a place that takes no more by a limit of its own.</summary>
    public static IOException Exception(string message) => new(message, OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);

    // Unix: ENOSPC is 28 everywhere, EDQUOT 122 on Linux and 69 on macOS. Windows: ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
    private static bool IsCode(int code) => OperatingSystem.IsWindows()
        ? code is unchecked((int)0x80070027) or unchecked((int)0x80070070)
        : code == 28 || code == (OperatingSystem.IsLinux() ? 122 : 69);
}
