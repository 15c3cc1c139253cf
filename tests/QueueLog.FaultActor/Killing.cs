using System.Diagnostics;
using System.Runtime.InteropServices;

namespace QueueLog.FaultActor;

/// <summary>Ends processes without giving them the time to do anything.</summary>
internal static partial class Killing
{
    private const int SigKill = 9;

    public static void Kill(int pid)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(pid, SigKill);
            return;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended already.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
