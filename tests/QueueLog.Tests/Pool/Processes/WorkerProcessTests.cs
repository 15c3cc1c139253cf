using System.Diagnostics;
using QueueLog.Pool.Processes;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool.Processes;

public sealed class WorkerProcessTests
{
    [Fact]
    public async Task The_last_lines_of_a_process_are_waited_for_where_they_are_slow_in_coming()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Runs /bin/sh.");
        await using var process = Run("echo first >&2; echo last >&2; exit 3", TimeSpan.FromSeconds(0.5));
        var death = await process.WaitForEndAsync(TestTimeout.Limit);
        Assert.Equal(3, death.ExitCode);
        Assert.Equal(["first", "last"], death.LastLines);
    }

    [Fact]
    public async Task What_a_process_has_left_behind_does_not_keep_its_end_waiting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It needs setsid.");

        // It holds the streams of the process until it ends, which is long after the test has given up.
        await using var process = Run("echo first >&2; setsid sleep 600 & exit 3", TimeSpan.Zero);
        var death = await process.WaitForEndAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(3, death.ExitCode);
        Assert.Equal(["first"], death.LastLines);
        await Eventually.TrueAsync(() => !IsMarked(process.Mark), "what it left behind has been ended");
    }

    private static WorkerProcess Run(string script, TimeSpan slowness)
    {
        var mark = Guid.NewGuid().ToString("N");
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[ProcessMark.Variable] = mark;
        var process = new WorkerProcess(start, "token", mark);
        process.Start(async (_, _) => await Task.Delay(slowness));
        return process;
    }

    private static bool IsMarked(string mark) => Directory.EnumerateDirectories("/proc").Any(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "environ")).Contains(mark, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
