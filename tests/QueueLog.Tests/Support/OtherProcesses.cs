using System.Diagnostics;
using System.Globalization;

namespace QueueLog.Tests.Support;

/// <summary>Waits for other processes to be gone.</summary>
internal static class OtherProcesses
{
    /// <summary>Waits until none of the processes is there any more.</summary>
    public static Task AreGoneAsync(IEnumerable<int> pids) => Eventually.TrueAsync(() => !pids.Any(IsAlive), $"the processes {string.Join(", ", pids)} are gone");

    /// <summary>Whether a process of a program is there that has not ended.</summary>
    /// <param name="program">Path of the program; its name has no more than 15 characters, for more are not known of a process.</param>
    public static bool Exists(string program) => Array.Exists(Process.GetProcessesByName(Path.GetFileName(program)), process => IsAlive(process.Id));

    public static int[] Parse(string pids) => [.. pids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))];

    private static bool IsAlive(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            // A process that has ended and whose parent has not asked for it yet is gone.
            try
            {
                var status = File.ReadAllText($"/proc/{pid}/stat");
                return status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
            }
            catch (IOException)
            {
                return false;
            }
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
