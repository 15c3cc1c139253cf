using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool;

public sealed class PoolFailureTests
{
    [Fact]
    public async Task A_worker_that_exits_or_is_killed_costs_its_item_and_no_other()
    {
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Count 2 -Name warm
            foreach ($how in '[Environment]::Exit(9)', '[Diagnostics.Process]::GetCurrentProcess().Kill(); [Threading.Thread]::Sleep(-1)') {
                $block = [scriptblock]::Create("if (`$_ -eq 3) { [Console]::Error.WriteLine('last words'); $how }; `$_")
                $results = 1..20 | Invoke-WorkerPool -Name warm $block -ErrorAction SilentlyContinue -ErrorVariable failed
                ($results | Sort-Object) -join ','
                "$($failed.Count) $($failed[0].FullyQualifiedErrorId.Split(',')[0]) $($failed[0].TargetObject)"
                "$($failed[0])"
            }
            """);
        string[] expected = ["ended with exit code 9", OperatingSystem.IsWindows() ? "ended with exit code -1" : "SIGKILL"];
        Assert.All(lines.Chunk(3).Zip(expected), run =>
        {
            Assert.Equal(["1,2,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20", "1 WorkerDied 3"], run.First[..2]);
            Assert.Contains(run.Second, run.First[2], StringComparison.Ordinal);
            Assert.Contains("last words", run.First[2], StringComparison.Ordinal);
        });
        Assert.Equal(3 * expected.Length, lines.Length);
    }

    [Fact]
    public async Task Items_a_dead_worker_had_not_begun_are_run_by_others_without_a_retry()
    {
        using var folder = new TempFolder();
        await Script.RunAsync($$"""
            $null = 1..200 | Invoke-WorkerPool -Count 2 -ErrorAction SilentlyContinue {
                [IO.File]::AppendAllText('{{folder.Path}}/' + $_, 'x')
                if ($_ -eq 100) { [Environment]::Exit(7) }
            }
            exit 0
            """);
        Assert.All(Enumerable.Range(1, 200), i => Assert.Equal("x", File.ReadAllText(folder.Combine($"{i}"))));
    }

    [Fact]
    public async Task Under_kills_every_item_either_has_a_result_or_an_error_and_none_runs_twice()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $results = 1..300 | Invoke-WorkerPool -Count 2 {
                [IO.File]::AppendAllText((Join-Path '{{folder.Path}}' "$_"), 'x')
                if ($_ % 50 -eq 0) { [Diagnostics.Process]::GetCurrentProcess().Kill(); [Threading.Thread]::Sleep(-1) }
                $_
            } -ErrorAction SilentlyContinue -ErrorVariable failed
            (@($results) + @($failed | ForEach-Object { $_.TargetObject }) | Sort-Object) -join ','
            $failed.Count -ge 6
            """);
        Assert.Equal([string.Join(',', Enumerable.Range(1, 300)), "True"], lines);
        Assert.All(Enumerable.Range(1, 300), i => Assert.Equal("x", File.ReadAllText(Path.Combine(folder.Path, $"{i}"))));
    }

    [Fact]
    public async Task A_worker_that_never_gets_ready_fails_the_pool_with_what_it_wrote_and_is_not_taken_for_one_that_was_killed()
    {
        var lines = await Script.RunAsync("""
            function Show-Failure([hashtable] $start) {
                try { 1..3 | Invoke-WorkerPool -Count 1 @start { $_ } } catch { $_.FullyQualifiedErrorId.Split(',')[0]; "$_" -replace '\r?\n', ' ' }
            }
            Show-Failure @{ InitializationScript = { [Console]::Error.WriteLine('no license'); [Environment]::Exit(4) } }
            Show-Failure @{ EnvironmentVariable = @{ DOTNET_GCHeapHardLimit = '1000' } }
            """);
        Assert.Equal(["WorkerStartFailed", "WorkerStartFailed"], [lines[0], lines[2]]);
        Assert.Contains("exit code 4", lines[1], StringComparison.Ordinal);
        Assert.Contains("no license", lines[1], StringComparison.Ordinal);
        Assert.Contains("could not start its runtime (exit code", lines[3], StringComparison.Ordinal);
        Assert.Contains("CoreCLR", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_for_which_there_is_no_room_on_the_disk_is_refused()
    {
        using var disk = new SmallDisk();
        disk.Fill(leave: 32 * 1024);
        var lines = await Script.RunAsync($$"""
            $env:QUEUELOG_STATE = '{{disk.Combine("state")}}'
            try { 1 | Invoke-WorkerPool -Count 1 { 1 } } catch { $_.FullyQualifiedErrorId.Split(',')[0]; "$_" }
            @([IO.Directory]::GetFileSystemEntries($env:QUEUELOG_STATE, 'pool*')).Count
            """);
        Assert.Equal("PoolStartFailed", lines[0]);
        Assert.Contains("disk was full", lines[1], StringComparison.OrdinalIgnoreCase);
        Assert.Equal("0", lines[2]);
    }

    [Fact]
    public async Task A_worker_for_which_there_is_no_room_on_the_disk_fails_the_pool_and_hangs_nobody()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files in use are not deleted there.");
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $env:QUEUELOG_STATE = '{{folder.Combine("state")}}'
            $job = Start-WorkerPool -Count 1 -Name warm
            $pids = 1 | Invoke-WorkerPool -Name warm { $PID }
            [IO.Directory]::Delete($env:QUEUELOG_STATE, $true)
            Set-WorkerPool -Name warm -Count 2
            $null = $job | Wait-Job
            $job.State
            $job.Error[0].FullyQualifiedErrorId
            "$($job.Error[0])"
            @(Get-Process -Id $pids -ErrorAction Ignore | Where-Object { -not $_.HasExited }).Count
            """);
        Assert.Equal(["Failed", "WorkerStartFailed"], lines[..2]);
        Assert.StartsWith("Worker-2 cannot be started: ", lines[2], StringComparison.Ordinal);
        Assert.Equal("0", lines[3]);
    }
}
