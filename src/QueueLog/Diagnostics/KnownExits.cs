using System.Collections.Concurrent;
using System.Globalization;

namespace QueueLog.Diagnostics;

/// <summary>How child processes ended, where this process is the one to learn it. Thread-safe.</summary>
internal sealed class KnownExits
{
    // Enough for the workers of some pools; the oldest are forgotten.
    private const int MaxKept = 1000;

    private readonly ConcurrentDictionary<int, string?> ends = new();
    private readonly ConcurrentQueue<int> order = new();

    /// <summary>A child was started, and its end will be reported.</summary>
    public void Expect(int pid) => ends[pid] = null;

    /// <summary>A child has ended.</summary>
    /// <param name="pid">Its process id.</param>
    /// <param name="exitCode">As .NET gives it: on Unix 128 and the number of the signal for one that was killed.</param>
    public void Report(int pid, int exitCode)
    {
        ends[pid] = Describe(exitCode);
        order.Enqueue(pid);
        if (order.Count > MaxKept && order.TryDequeue(out var oldest))
        {
            ends.TryRemove(oldest, out _);
        }
    }

    /// <summary>Whether the end of a process will be reported and has not been yet.</summary>
    public bool IsExpected(int pid) => ends.TryGetValue(pid, out var end) && end is null;

    /// <summary>How it ended, in words; null when nobody knows.</summary>
    public string? Of(int pid) => ends.TryGetValue(pid, out var end) ? end : null;

    private static string Describe(int exitCode) => !OperatingSystem.IsWindows() && exitCode is > 128 and < 128 + 65
        ? string.Create(CultureInfo.InvariantCulture, $"signal {exitCode - 128}")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}");
}
