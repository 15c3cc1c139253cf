using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Listener.JsonLines;

/// <summary>Who sends lines, since nobody introduces himself: what the first record says, and else what the system knows.</summary>
internal static class PeerIdentity
{
    private const int LongestName = 256;

    /// <param name="first">The first record; an empty one where a line was none.</param>
    /// <param name="peerPid">The process at the other end; 0 if it is not known.</param>
    public static ClientIdentity Of(LineRecord first, int peerPid)
    {
        var pid = first.Pid ?? peerPid;
        var said = Encoding.UTF8.GetString(first.Get(LineText.Process));
        var name = said.Length > 0 ? said : NameOf(pid);
        return new ClientIdentity(pid, name.Length <= LongestName ? name : name[..LongestName], null);
    }

    private static string NameOf(int pid)
    {
        if (pid <= 0)
        {
            return "pid unknown";
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return process.ProcessName == "dotnet" ? ProgramOf(pid) ?? process.ProcessName : process.ProcessName;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            // It has ended already.
            return string.Create(CultureInfo.InvariantCulture, $"pid {pid}");
        }
    }

    // dotnet runs any number of programs, PowerShell as a .NET tool among them; its first argument names the program's assembly.
    private static string? ProgramOf(int pid)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var arguments = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
        return Array.Find(arguments, argument => argument.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)) is { } assembly
            ? Path.GetFileNameWithoutExtension(assembly)
            : null;
    }
}
