using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>What a log says of processes that died.</summary>
public sealed class LoggingTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_log_says_how_a_worker_ended_that_was_killed_and_has_all_that_it_wrote()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var run = await Script.RunAsync(folder, """
            Start-LogListener ./run.log -Template '{Level} {Message}' -NoHeader
            1 | Invoke-WorkerPool -Count 1 { foreach ($i in 1..100) { Write-QueueLog "line $i" }; Stop-Process -Id $PID -Force } -ErrorAction SilentlyContinue
            $stopped = Stop-LogListener -PassThru
            "$($stopped.Lost) $($stopped.Failures.Count)"
            """);
        Assert.Equal("0 0", run.Output.Trim());
        var lines = folder.ReadLines("run.log");
        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"Information line {i}"), lines[..100]);
        Assert.Matches(@"^Error \[QueueLog\] Worker-1 \(pid \d+\) ended without a goodbye; its last record was number 100, and \d+ were recovered from its journal; it ended by signal 9$", Assert.Single(lines[100..], line => line.Contains("goodbye", StringComparison.Ordinal)));
        Assert.Equal(3, lines[100..].Length);
        Assert.Contains("Warning item 0, '1', failed: its worker died", lines);
    }
}
