using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class PoolJobTests
{
    [Fact]
    public async Task The_job_commands_find_it_and_keep_and_remove_its_results()
    {
        var lines = await Script.RunAsync("""
            $job = 1..3 | Start-WorkerPool -Count 1 -Name squares { $_ * $_ }
            (Get-Job -Name squares).Id -eq $job.Id; (Get-Job -Id $job.Id).Name
            $job | Wait-Job | Out-Null
            ($job | Receive-Job -Keep) -join ','
            ($job | Receive-Job) -join ','
            @($job | Receive-Job).Count
            $job | Remove-Job
            @(Get-Job).Count
            (1..3 | Start-WorkerPool -Count 1 { $_ } | Receive-Job -Wait -AutoRemoveJob) -join ','
            @(Get-Job).Count
            """);
        Assert.Equal(["True", "squares", "1,4,9", "1,4,9", "0", "0", "1,2,3", "0"], lines);
    }

    [Theory]
    [InlineData("while ($true) { }")]
    [InlineData("Start-Sleep 600")]
    [InlineData("[Threading.Thread]::Sleep(-1)")]
    public async Task Stopping_it_ends_busy_workers_and_keeps_what_was_finished(string stuck)
    {
        using var host = Script.Start($$"""
            $job = 1..4 | Start-WorkerPool -Count 2 { if ($_ -le 1) { 'finished' } else { "$PID"; {{stuck}} } }
            while ($job.Output.Count -lt 3) { Start-Sleep -Milliseconds 10 }
            "$((Get-WorkerPool $job.Name).Workers.Pid)"
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $job | Stop-Job
            $clock.ElapsedMilliseconds
            "$($job.State) $(@($job | Receive-Job) -contains 'finished')"
            """);
        var pids = Processes.Parse((await host.ReadLineAsync())!);
        Assert.Equal(2, pids.Length);
        var result = await host.CompleteAsync();
        Assert.InRange(int.Parse(result.Lines[0]), 0, 2500);
        Assert.Equal("Stopped True", result.Lines[1]);
        Assert.InRange(await Processes.WaitUntilGoneAsync(pids, TimeSpan.FromSeconds(2)), TimeSpan.Zero, TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task Removing_it_by_force_ends_its_workers()
    {
        using var host = Script.Start("""
            $job = 1..4 | Start-WorkerPool -Count 2 { $_; while ($true) { } }
            while ($job.Output.Count -lt 2) { Start-Sleep -Milliseconds 10 }
            "$((Get-WorkerPool $job.Name).Workers.Pid)"
            $job | Remove-Job -Force
            @(Get-Job).Count
            Start-Sleep 600
            """);
        var pids = Processes.Parse((await host.ReadLineAsync())!);
        Assert.Equal("0", await host.ReadLineAsync());
        Assert.InRange(await Processes.WaitUntilGoneAsync(pids, TimeSpan.FromSeconds(4)), TimeSpan.Zero, TimeSpan.FromSeconds(3.9));
    }

    [Fact]
    public async Task Its_workers_end_with_it()
    {
        using var host = Script.Start("""
            $job = 1..4 | Start-WorkerPool -Count 2 { $PID }
            $job | Wait-Job | Out-Null
            "$($job.Output)"
            Start-Sleep 600
            """);
        var pids = Processes.Parse((await host.ReadLineAsync())!);
        Assert.InRange(await Processes.WaitUntilGoneAsync(pids, TimeSpan.FromSeconds(4)), TimeSpan.Zero, TimeSpan.FromSeconds(3.9));
    }

    [Fact]
    public async Task Work_begins_while_the_input_still_comes_in()
    {
        using var folder = new TempFolder();
        var flag = Path.Combine(folder.Path, "begun");
        var lines = await Script.RunAsync($$"""
            & { 1; while (-not [IO.File]::Exists('{{flag}}')) { Start-Sleep -Milliseconds 10 }; 2 } |
                Start-WorkerPool -Count 1 { [IO.File]::WriteAllText('{{flag}}', ''); $_ } | Receive-Job -Wait -AutoRemoveJob
            """);
        Assert.Equal(["1", "2"], lines);
    }

    [Fact]
    public async Task An_input_that_fails_leaves_no_job_and_no_workers()
    {
        var lines = await Script.RunAsync("""
            try { & { 1; throw 'input' } | Start-WorkerPool -Count 1 { $_ } } catch { "$_" }
            @(Get-Job).Count
            for ($i = 0; $i -lt 500 -and (Get-WorkerPool); $i++) { Start-Sleep -Milliseconds 10 }
            @(Get-WorkerPool).Count
            """);
        Assert.Equal(["input", "0", "0"], lines);
    }
}
