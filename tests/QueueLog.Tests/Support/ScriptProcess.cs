using System.Diagnostics;
using System.Text;

namespace QueueLog.Tests.Support;

/// <summary>A script in a process of its own: the embedded host, with the module of this clone.</summary>
internal sealed class ScriptProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly LineReader output;
    private readonly LineReader error;

    private ScriptProcess(Process process)
    {
        this.process = process;
        output = new LineReader(process.StandardOutput);
        error = new LineReader(process.StandardError);
    }

    public static string HostPath { get; } = Path.Combine(
        Repository.Root, "src", "QueueLog.Host", "bin", Repository.Configuration, "net10.0", OperatingSystem.IsWindows() ? "qlhost.exe" : "qlhost");

    public int Id => process.Id;

    /// <summary>Runs a script in a folder to its end. The module is imported already.</summary>
    public static async Task<ScriptRun> RunAsync(TempFolder folder, string script, params (string Name, string Value)[] environment)
    {
        await using var running = Start(folder, script, environment);
        running.process.StandardInput.Close();
        return await running.ExitedAsync();
    }

    /// <summary>Starts a script that will be spoken to, or killed.</summary>
    public static ScriptProcess Start(TempFolder folder, string script, params (string Name, string Value)[] environment)
    {
        var file = folder.Combine($"script-{Guid.NewGuid():N}.ps1");
        File.WriteAllText(file, $"Import-Module '{Repository.Root}/QueueLog.psd1'\n{script}\n");
        return StartFile(folder, file, [], environment);
    }

    /// <summary>Starts a script file as it is.</summary>
    public static ScriptProcess StartFile(TempFolder folder, string file, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(HostPath, ["-File", file, .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Remove("QUEUELOG_PIPE");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ScriptProcess(Process.Start(start)!);
    }

    public Task WaitForLineAsync(string line) => output.WaitForAsync(line, Deadline);

    public void WriteLine(string line) => process.StandardInput.WriteLine(line);

    /// <summary>SIGKILL on Unix: the process gets no chance to do anything.</summary>
    public void Kill() => process.Kill();

    public async Task<ScriptRun> ExitedAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The script did not end. Its output: {output.Text}\nIts errors: {error.Text}");
        }

        return new ScriptRun(process.ExitCode, await output.EndAsync(Deadline), await error.EndAsync(Deadline));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
