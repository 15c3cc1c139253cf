using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace QueueLog.Journal;

/// <summary>When a process started: pids are used again, a pid and its start are not.</summary>
internal static class ProcessStart
{
    /// <summary>Of this process.</summary>
    public static long Own { get; } = Of(Environment.ProcessId) ?? 0;

    /// <summary>In the system's own unit; null when there is no such process, or it is dead and only waits to be collected.</summary>
    public static long? Of(int pid) => OperatingSystem.IsLinux() ? FromStat(pid) : FromProcess(pid);

    // /proc/<pid>/stat: pid (name) state … starttime, which is the 22nd; the name may hold blanks and parentheses.
    private static long? FromStat(int pid)
    {
        try
        {
            var text = Encoding.Latin1.GetString(File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? FromProcess(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
