using System.Diagnostics;

namespace QueueLog.Tests.Support;

/// <summary>The machine's python3: a peer that knows nothing of this project.</summary>
internal static class PythonScript
{
    public static string Name { get; } = OperatingSystem.IsWindows() ? "python" : "python3";

    public static bool IsThere { get; } = TryRun();

    /// <summary>Runs it to its end; it must succeed.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(TestTimeout.Limit);
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            Assert.Equal("", await error);
            Assert.Equal(0, process.ExitCode);
            return await output;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static bool TryRun()
    {
        try
        {
            using var process = Start(["-c", ""]);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Name, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PYTHONUTF8"] = "1";
        return Process.Start(start)!;
    }
}
