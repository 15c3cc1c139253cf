using System.ComponentModel;
using System.Diagnostics;
using static QueueLog.Native.Libc;

namespace QueueLog.Pool.Processes;

/// <summary>A worker and all that it starts, so that they can be ended together and by no one but the pool.</summary>
internal static class ProcessGroup
{
    private const int SignalKill = 9;

    private static bool isLeader;

    /// <summary>
    /// Moves this process into a group of its own. On Unix the terminal's Ctrl+C then passes it by; on Windows the pool starts
    /// it without a console for that, and here it joins a job object that ends its children with it.
    /// </summary>
    /// <returns>Why it could not, where it matters that this is known; null otherwise.</returns>
    public static string? Lead()
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsJob.Join();
        }

        isLeader = setpgid(0, 0) == 0;
        return null;
    }

    /// <summary>Ends a worker and all that it started; harmless when nothing is left.</summary>
    public static void Kill(Process process)
    {
        try
        {
            // First what has left the group, which can only be found while its parent lives; then the group, which may have
            // outlived its leader.
            var group = process.Id;
            if (OperatingSystem.IsWindows() || !process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            if (!OperatingSystem.IsWindows())
            {
                _ = kill(-group, SignalKill);
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        catch (Exception e) when (e is Win32Exception or AggregateException)
        {
            // A part of it is another user's, or was quicker: the rest is ended all the same.
            KillGroup(process);
        }
    }

    /// <summary>Ends a process that is neither this one nor its child; harmless when it is gone.</summary>
    public static void KillOne(int pid) => _ = kill(pid, SignalKill);

    /// <summary>Ends this process at once, and its group with it.</summary>
    public static void KillSelf()
    {
        if (!OperatingSystem.IsWindows() && isLeader)
        {
            _ = kill(0, SignalKill);
        }

        Process.GetCurrentProcess().Kill();
    }

    /// <summary>Ends this process without the engine's shutdown, which user code can delay; its children stay.</summary>
    public static void ExitNow(int code)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsJob.Exit(code);
        }
        else
        {
            _exit(code);
        }
    }

    private static void KillGroup(Process process)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = kill(-process.Id, SignalKill);
        }
    }
}
