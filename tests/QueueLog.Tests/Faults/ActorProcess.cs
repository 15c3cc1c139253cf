using System.Diagnostics;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Faults;

/// <summary>A process of the program QueueLog.FaultActor; killed with the test if it is still there.</summary>
internal sealed class ActorProcess : IDisposable
{
    // Generous, because the machines that run the tests are busy; nothing waits this long unless it hangs.
    private static readonly string Program = Path.Combine(
        Repository.Root, "tests", "QueueLog.FaultActor", "bin", Repository.Configuration, "net10.0", OperatingSystem.IsWindows() ? "QueueLog.FaultActor.exe" : "QueueLog.FaultActor");

    private readonly Process process;
    private readonly Task<string> errors;
    private readonly CancellationTokenSource deadline = new(TestTimeout.Limit);

    private ActorProcess(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    public int Pid => process.Id;

    public bool HasEnded => process.HasExited;

    public static ActorProcess Start(string state, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["QUEUELOG_STATE"] = state;

        // A process that is killed would leave its diagnostic pipe in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new ActorProcess(Process.Start(start)!);
    }

    public async Task WaitUntilReadyAsync()
    {
        if (await process.StandardOutput.ReadLineAsync(deadline.Token) != "ready")
        {
            Assert.Fail($"An actor ended before it was ready: {await errors.WaitAsync(deadline.Token)}");
        }
    }

    /// <summary>The next line that it writes; null at its end.</summary>
    public async Task<string?> ReadLineAsync() => await process.StandardOutput.ReadLineAsync(deadline.Token);

    public void Send(string line)
    {
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has died already.
        }
    }

    public void Kill() => process.Kill();

    /// <summary>Waits until it has died by its own hand or another's.</summary>
    public async Task WaitUntilKilledAsync()
    {
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == (OperatingSystem.IsWindows() ? -1 : 128 + 9), $"An actor ended by itself, with {process.ExitCode}: {await errors}");
    }

    /// <summary>Waits for its orderly end.</summary>
    /// <returns>What it had to say.</returns>
    public async Task<string> WaitUntilDoneAsync()
    {
        var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, $"An actor failed with {process.ExitCode}: {await errors}");
        return output + await errors;
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
}
