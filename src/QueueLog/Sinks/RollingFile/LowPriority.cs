using static QueueLog.Native.Libc;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Lets all other threads go first.</summary>
internal static class LowPriority
{
    /// <summary>For the rest of the life of the thread that calls. A system that refuses is not insisted with.</summary>
    public static void Enter()
    {
        // .NET gives its threads priorities on Windows only. On Linux each thread has a nice value of its own; macOS knows threads
        // that work in the background.
        const int OfProcess = 0;
        const int OfThreadOnMac = 3;
        const int Background = 0x1000;
        const int Nice = 15;
        if (OperatingSystem.IsWindows())
        {
            Thread.CurrentThread.Priority = ThreadPriority.Lowest;
        }
        else if (OperatingSystem.IsLinux())
        {
            _ = setpriority(OfProcess, 0, Nice);
        }
        else if (OperatingSystem.IsMacOS())
        {
            _ = setpriority(OfThreadOnMac, 0, Background);
        }
    }
}
