using System.Collections.Concurrent;
using System.Globalization;

namespace QueueLog.Diagnostics;

/// <summary>How child processes ended, where this process is the one to learn it. Thread-safe.</summary>
internal static class KnownExits
{
    // Enough for the workers of some pools; the oldest are forgotten.
    private const int MaxKept = 1000;

    private static readonly ConcurrentDictionary<int, string?> Ends = new();
    private static readonly ConcurrentQueue<int> Order = new();

    /// <summary>A child was started, and its end will be reported.</summary>
    public static void Expect(int pid) => Ends[pid] = null;

    /// <summary>A child has ended.</summary>
    /// <param name="pid">Its process id.</param>
    /// <param name="exitCode">As .NET gives it: on Unix 128 and the number of the signal for one that was killed.</param>
    public static void Report(int pid, int exitCode)
    {
        Ends[pid] = Describe(exitCode);
        Order.Enqueue(pid);
        if (Order.Count > MaxKept && Order.TryDequeue(out var oldest))
        {
            Ends.TryRemove(oldest, out _);
        }
    }

    /// <summary>Whether the end of a process will be reported and has not been yet.</summary>
    public static bool IsExpected(int pid) => Ends.TryGetValue(pid, out var end) && end is null;

    /// <summary>How it ended, in words; null when nobody knows.</summary>
    public static string? Of(int pid) => Ends.TryGetValue(pid, out var end) ? end : null;

    private static string Describe(int exitCode) => !OperatingSystem.IsWindows() && exitCode is > 128 and < 128 + 65
        ? string.Create(CultureInfo.InvariantCulture, $"signal {exitCode - 128}")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}");
}
