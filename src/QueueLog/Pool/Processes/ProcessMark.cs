using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using static QueueLog.Native.Libc;

namespace QueueLog.Pool.Processes;

/// <summary>
/// What a pool's workers have started, known by a mark that stands in the environment of each worker and that its children
/// inherit: a daemon leaves its group, its session and its parent, but seldom its environment. On Windows job objects do this.
/// </summary>
internal static class ProcessMark
{
    /// <summary>Environment variable that holds the mark.</summary>
    public const string Variable = "QUEUELOG_OWNER";

    // Something that is just starting something else may be missed once.
    private const int Rounds = 3;
    private const int Longest = 2 * 1024 * 1024;

    /// <summary>The mark that those of all workers of a pool begin with.</summary>
    public static string OfPool(string address) => Path.GetFileName(address) + ";";

    /// <summary>The mark of one process.</summary>
    public static string OfProcess(string address, long number) => string.Create(CultureInfo.InvariantCulture, $"{OfPool(address)}{number};");

    /// <summary>Ends every process whose mark begins so, but for this one.</summary>
    public static void Kill(string mark)
    {
        for (var round = 0; round < Rounds && !OperatingSystem.IsWindows(); round++)
        {
            List<int> found;
            try
            {
                found = Find(mark);
            }
            catch (IOException)
            {
                // A system without /proc: groups have been ended all the same.
                return;
            }

            if (found.Count == 0)
            {
                return;
            }

            found.ForEach(ProcessGroup.KillOne);
        }
    }

    private static List<int> Find(string mark) => OperatingSystem.IsLinux() ? FindInProc(mark) : FindByPs(mark);

    private static List<int> FindInProc(string mark)
    {
        var entry = Encoding.UTF8.GetBytes($"{Variable}={mark}");
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId)
            {
                var length = Read($"/proc/{pid}/environ", ref buffer);
                if (buffer.AsSpan(0, length).IndexOf(entry) >= 0)
                {
                    found.Add(pid);
                }
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return found;
    }

    // Not File: most processes are someone else's, and an exception for each would take longer than all the rest.
    private static int Read(string path, ref byte[] buffer)
    {
        var file = open(path, 0);
        if (file < 0)
        {
            return 0;
        }

        var length = 0;
        nint count;
        while ((count = read(file, ref buffer[length], buffer.Length - length)) > 0)
        {
            length += (int)count;
            if (length == buffer.Length)
            {
                if (length >= Longest)
                {
                    break;
                }

                var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }

        _ = close(file);
        return length;
    }

    private static List<int> FindByPs(string mark)
    {
        var found = new List<int>();
        try
        {
            using var ps = Process.Start(new ProcessStartInfo("/bin/ps", "-axwwE -o pid=,command=") { RedirectStandardOutput = true });
            while (ps?.StandardOutput.ReadLine() is { } line)
            {
                var text = line.AsSpan().TrimStart();
                if (text.Contains($"{Variable}={mark}", StringComparison.Ordinal)
                    && int.TryParse(text[..Math.Max(0, text.IndexOf(' '))], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                    && pid != Environment.ProcessId
                    && pid != ps.Id)
                {
                    found.Add(pid);
                }
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such program here; groups have been ended all the same.
        }

        return found;
    }
}
