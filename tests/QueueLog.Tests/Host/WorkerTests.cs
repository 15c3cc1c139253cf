using QueueLog.Tests.Support;

namespace QueueLog.Tests.Host;

public sealed class WorkerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_worker_runs_the_loop_of_the_named_module_and_ends_as_it_does()
    {
        var module = _folder.Combine("o'stand-in.psm1");
        await File.WriteAllTextAsync(module, "function Invoke-WorkerLoop { Write-Output \"loop in $PID\"; exit 9 }");

        var result = await HostProcess.RunAsync(["-Worker"], variable: ("QUEUELOG_MODULE", module));

        Assert.Matches(@"^loop in \d+\n$", result.Output);
        Assert.Equal(9, result.ExitCode);
    }

    [Fact]
    public async Task A_worker_without_its_module_says_so_and_fails()
    {
        var result = await HostProcess.RunAsync(["-Worker"], variable: ("QUEUELOG_MODULE", _folder.Combine("none.dll")));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("none.dll", result.Error, StringComparison.Ordinal);
    }
}
