using System.Diagnostics;
using System.Globalization;

namespace QueueLog.Tests.Support;

/// <summary>The built embedded host, running one script; ended with the test, however that ends.</summary>
internal sealed class HostProcess : IDisposable
{
    // Generous, because the machines that run the tests are busy; nothing waits this long unless it hangs.
    private readonly Process _process;
    private readonly CancellationTokenSource _deadline = new(Patience.Limit);

    private HostProcess(ProcessStartInfo start) => _process = Process.Start(start)!;

    public static string Program { get; } = Path.Combine(
        Repository.Root, "src", "QueueLog.Host", "bin", Repository.Configuration, "net10.0", OperatingSystem.IsWindows() ? "qlhost.exe" : "qlhost");

    public StreamWriter Input => _process.StandardInput;

    public static HostProcess Start(params string[] arguments) => new(StartInfo(arguments));

    /// <summary>Runs to the end; with standard input closed, or holding the given text.</summary>
    public static async Task<HostResult> RunAsync(
        string[] arguments, string? input = null, string? folder = null, (string Name, string Value)? variable = null)
    {
        var start = StartInfo(arguments);
        start.WorkingDirectory = folder ?? string.Empty;
        if (variable is { } entry)
        {
            start.Environment[entry.Name] = entry.Value;
        }

        using var host = new HostProcess(start);
        await host.Input.WriteAsync(input);
        host.Input.Close();
        return await host.CompleteAsync();
    }

    public static Task<HostResult> RunAsync(params string[] arguments) => RunAsync(arguments, input: null);

    /// <summary>The next line the script writes, as soon as it does.</summary>
    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(_deadline.Token);

    /// <summary>Sends a signal by its name, as a terminal or a supervisor does.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>What is left of the output, and the exit code.</summary>
    public async Task<HostResult> CompleteAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync(_deadline.Token);
        var error = _process.StandardError.ReadToEndAsync(_deadline.Token);
        await _process.WaitForExitAsync(_deadline.Token);
        return new HostResult(_process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);

            // Gone with all it held, its locks too, when a test goes on.
            _process.WaitForExit();
        }

        _process.Dispose();
        _deadline.Dispose();
    }

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        // What a shell starts in the background ignores Ctrl+C, and so would every process that these tests start.
        var start = IgnoresInterrupts()
            ? new ProcessStartInfo("env", ["--default-signal=INT", Program, .. arguments])
            : new ProcessStartInfo(Program, arguments);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        return start;
    }

    private static bool IgnoresInterrupts()
    {
        const string Field = "SigIgn:";
        const long Interrupt = 1 << (2 - 1);
        return OperatingSystem.IsLinux() && File.ReadLines("/proc/self/status")
            .Where(line => line.StartsWith(Field, StringComparison.Ordinal))
            .Any(line => (Convert.ToInt64(line[Field.Length..].Trim(), 16) & Interrupt) != 0);
    }
}
