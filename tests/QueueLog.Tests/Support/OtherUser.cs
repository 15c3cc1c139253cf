using System.Diagnostics;

namespace QueueLog.Tests.Support;

/// <summary>Runs programs as another user of the machine. Only root on Linux can.</summary>
internal static class OtherUser
{
    /// <summary>Someone who owns nothing.</summary>
    public const int Nobody = 65534;

    public static void SkipUnlessPossible() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "Only root can be another user, by setpriv.");

    /// <summary>Runs a program to its end.</summary>
    public static async Task<PwshResult> RunAsync(int user, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("setpriv", ["--reuid", $"{user}", "--regid", $"{user}", "--clear-groups", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["HOME"] = "/nonexistent";
        start.Environment["DOTNET_CLI_HOME"] = "/nonexistent";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TestTimeout.Limit);
        return new PwshResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a line of shell; it must succeed.</summary>
    public static async Task ShellAsync(int user, string line)
    {
        var result = await RunAsync(user, "sh", "-c", line);
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
