using System.Diagnostics;
using System.Runtime.InteropServices;
using QueueLog.Pool.Processes;

namespace QueueLog.Tests.Support;

/// <summary>A pwsh that runs one script; ended with the test, however that ends.</summary>
internal sealed class PwshProcess : IDisposable
{
    // Generous, because the machines that run the tests are busy; nothing waits this long unless it hangs.
    private readonly Process _process;
    private readonly CancellationTokenSource _deadline = new(TestTimeout.Limit);

    private PwshProcess(ProcessStartInfo start) => _process = Process.Start(start)!;

    /// <summary>The staged pwsh, or the one that the environment names.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable(WorkerCommandLine.HostVariable) is { Length: > 0 } named
        ? named
        : Path.Combine(Repository.Root, "output", "pwsh", OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");

    /// <summary>What every pwsh of the tests is started with.</summary>
    public static string[] Options { get; } = ["-NoProfile", "-NonInteractive"];

    public StreamWriter Input => _process.StandardInput;

    public static PwshProcess Start(params string[] arguments) => new(StartInfo(arguments));

    /// <summary>Runs to the end; with standard input closed, or holding the given text.</summary>
    public static async Task<PwshResult> RunAsync(
        string[] arguments, string? input = null, string? folder = null, (string Name, string Value)? variable = null)
    {
        var start = StartInfo(arguments);
        start.WorkingDirectory = folder ?? string.Empty;
        if (variable is { } entry)
        {
            start.Environment[entry.Name] = entry.Value;
        }

        using var host = new PwshProcess(start);
        await host.Input.WriteAsync(input);
        host.Input.Close();
        return await host.CompleteAsync();
    }

    public static Task<PwshResult> RunAsync(params string[] arguments) => RunAsync(arguments, input: null);

    /// <summary>The next line the script writes, as soon as it does.</summary>
    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(_deadline.Token);

    /// <summary>Sends a signal by its name, as a terminal or a supervisor does.</summary>
    public void Signal(string name) => Signals.Send(name, _process.Id);

    /// <summary>What is left of the output, and the exit code.</summary>
    public async Task<PwshResult> CompleteAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync(_deadline.Token);
        var error = _process.StandardError.ReadToEndAsync(_deadline.Token);
        await _process.WaitForExitAsync(_deadline.Token);
        return new PwshResult(_process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            KillTree();

            // Gone with all it held, its locks too, when a test goes on.
            _process.WaitForExit();
        }

        _process.Dispose();
        _deadline.Dispose();
    }

    private void KillTree()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (ArgumentOutOfRangeException) when (OperatingSystem.IsWindows())
        {
            // The runtime looks at the start of every process, and Wine has none to tell of one that is just ending. What pwsh started ends with it.
            _process.Kill();
        }
    }

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        // What a shell starts in the background ignores Ctrl+C, and so would every process that these tests start.
        var start = IgnoresInterrupts()
            ? new ProcessStartInfo("env", ["--default-signal=INT", Program, .. Options, .. arguments])
            : new ProcessStartInfo(Program, [.. Options, .. arguments]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;

        // Errors without colours, and the .NET of this process, wherever it stands.
        start.Environment["NO_COLOR"] = "1";
        start.Environment.TryAdd("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")));
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
