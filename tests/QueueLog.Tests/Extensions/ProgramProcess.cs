using System.Diagnostics;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Extensions;

/// <summary>A process of the program QueueLog.ProgramActor, which logs as any .NET program does; killed with the test.</summary>
internal sealed class ProgramProcess : IDisposable
{
    // Generous, because the machines that run the tests are busy; nothing waits this long unless it hangs.
    private readonly Process process;
    private readonly Task<string> errors;
    private readonly CancellationTokenSource deadline = new(TestTimeout.Limit);

    private ProgramProcess(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The program's own executable.</summary>
    public static string Executable => Path.Combine(Folder, OperatingSystem.IsWindows() ? "QueueLog.ProgramActor.exe" : "QueueLog.ProgramActor");

    /// <summary>What <c>dotnet</c> runs.</summary>
    public static string Assembly => Path.Combine(Folder, "QueueLog.ProgramActor.dll");

    private static string Folder => Path.Combine(Repository.Root, "tests", "QueueLog.ProgramActor", "bin", Repository.Configuration, "net10.0");

    /// <summary>Starts it as a child of a session with a listener would be; with a null address, of one without.</summary>
    public static ProgramProcess Start(string? address, params string[] arguments) => Start(address, new ProcessStartInfo(Executable, arguments));

    /// <summary>Starts it by <c>dotnet</c>.</summary>
    public static ProgramProcess StartByDotNet(string? address, params string[] arguments) => Start(address, new ProcessStartInfo("dotnet", [Assembly, .. arguments]));

    public async Task<string?> ReadLineAsync() => await process.StandardOutput.ReadLineAsync(deadline.Token);

    /// <summary>Sends a line and waits for the program's answer to it.</summary>
    public async Task SendAsync(string line, string answer)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
        Assert.Equal(answer, await ReadLineAsync());
    }

    /// <summary>SIGKILL: the program learns nothing of it.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(deadline.Token);
    }

    public async Task<PwshResult> CompleteAsync()
    {
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new PwshResult(process.ExitCode, output, await errors.WaitAsync(deadline.Token));
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
        deadline.Dispose();
    }

    private static ProgramProcess Start(string? address, ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["QUEUELOG_PIPE"] = address;

        // A process that is killed would leave its diagnostic pipe in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new ProgramProcess(Process.Start(start)!);
    }
}
