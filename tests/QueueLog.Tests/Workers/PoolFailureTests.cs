using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class PoolFailureTests
{
    [Theory]
    [InlineData("exit 7", "ended with exit code 7")]
    [InlineData("[Environment]::Exit(9)", "ended with exit code 9")]
    public async Task A_worker_that_exits_costs_its_item_and_no_other(string how, string expected)
    {
        var lines = await Script.RunAsync($$"""
            $results = 1..20 | Invoke-WorkerPool -Count 2 { if ($_ -eq 3) { [Console]::Error.WriteLine('last words'); {{how}} }; $_ } -ErrorAction SilentlyContinue -ErrorVariable failed
            ($results | Sort-Object) -join ','
            "$($failed.Count) $($failed[0].FullyQualifiedErrorId.Split(',')[0]) $($failed[0].TargetObject)"
            "$($failed[0])"
            """);
        Assert.Equal("1,2,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20", lines[0]);
        Assert.Equal("1 WorkerDied 3", lines[1]);
        Assert.Contains(expected, lines[2], StringComparison.Ordinal);
        Assert.Contains("last words", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_worker_costs_its_item_and_no_other()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var lines = await Script.RunAsync("""
            $results = 1..20 | Invoke-WorkerPool -Count 2 { if ($_ -eq 3) { [Diagnostics.Process]::GetCurrentProcess().Kill(); [Threading.Thread]::Sleep(-1) }; $_ } -ErrorAction SilentlyContinue -ErrorVariable failed
            ($results | Sort-Object) -join ','
            "$($failed.Count) $($failed[0].TargetObject)"
            "$($failed[0])"
            """);
        Assert.Equal("1,2,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20", lines[0]);
        Assert.Equal("1 3", lines[1]);
        Assert.Contains("SIGKILL", lines[2], StringComparison.Ordinal);
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
    public async Task A_worker_that_never_gets_ready_fails_the_pool_with_what_it_wrote()
    {
        var lines = await Script.RunAsync("""
            try { 1..3 | Invoke-WorkerPool -Count 1 -InitializationScript { [Console]::Error.WriteLine('no license'); [Environment]::Exit(4) } { $_ } } catch { $_.FullyQualifiedErrorId.Split(',')[0]; "$_" }
            """);
        Assert.Equal("WorkerStartFailed", lines[0]);
        Assert.Contains("exit code 4", lines[1], StringComparison.Ordinal);
        Assert.Contains("no license", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_whose_runtime_cannot_start_is_not_taken_for_one_that_was_killed()
    {
        var lines = await Script.RunAsync("""
            try { 1 | Invoke-WorkerPool -Count 1 -EnvironmentVariable @{ DOTNET_GCHeapHardLimit = '1000' } { $_ } } catch { $_.FullyQualifiedErrorId.Split(',')[0]; "$_" }
            """);
        Assert.Equal("WorkerStartFailed", lines[0]);
        Assert.Contains("could not start its runtime (exit code", lines[1], StringComparison.Ordinal);
        Assert.Contains("CoreCLR", string.Join(' ', lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 | Invoke-WorkerPool -Count 0 { }", "ParameterArgumentValidationError")]
    [InlineData("1 | Invoke-WorkerPool -Count -1 { }", "ParameterArgumentValidationError")]
    [InlineData("1 | Start-WorkerPool -Count 1001 { }", "ParameterArgumentValidationError")]
    [InlineData("1 | Invoke-WorkerPool -Count 1 -InitializationScript { throw 'broken' } { }", "InitializationFailed")]
    [InlineData("1 | Invoke-WorkerPool -Count 1 -InitializationScript { exit 3 } { }", "InitializationFailed")]
    [InlineData("class OnlyHere { }; 1 | Invoke-WorkerPool -Count 1 ([scriptblock]::Create('class Other : OnlyHere { }; 1'))", "ScriptBlockDoesNotParse")]
    [InlineData("1 | Invoke-WorkerPool -Count 1 { $using:nothingOfTheKind }", "UsingVariableUndefined")]
    [InlineData("1 | Start-WorkerPool -Count 1", "ScriptBlockMissing")]
    [InlineData("Invoke-WorkerPool -Count 1", "ScriptBlockMissing")]
    [InlineData("Invoke-WorkerPool -Name none { }", "PoolNotFound")]
    [InlineData("Get-WorkerPool none", "PoolNotFound")]
    [InlineData("Stop-WorkerPool none", "PoolNotFound")]
    [InlineData("$null = Start-WorkerPool -Name a -Count 1; Start-WorkerPool -Name A -Count 1", "PoolNameInUse")]
    [InlineData("$null = Start-WorkerPool -Name a -Count 1 { Start-Sleep 600 }; Invoke-WorkerPool -Name a { }", "PoolNotWarm")]
    [InlineData("$null = Start-WorkerPool -Name a -Count 1; 1 | Invoke-WorkerPool -Name a { 1 } | Invoke-WorkerPool -Name a { 2 }", "PoolBusy")]
    [InlineData("$p = Start-WorkerPool -Name a -Count 1; $p | Stop-WorkerPool; Invoke-WorkerPool -Pool $p { }", "PoolEnded")]
    [InlineData("Invoke-WorkerPool -Count 1 -Listener 5 { }", "InvalidListenerArgument")]
    [InlineData("Invoke-WorkerLoop", "CommandNotFoundException")]
    [InlineData("& (Get-Module QueueLog.PowerShell, QueueLog | ForEach-Object { $_.ImplementingAssembly } | Select-Object -First 1 | ForEach-Object { [System.Management.Automation.CmdletInfo]::new('Invoke-WorkerLoop', $_.GetType('QueueLog.PowerShell.Commands.InvokeWorkerLoopCommand')) })", "NotAWorker")]
    [InlineData("$env:QUEUELOG_HOST = '/no/such/host'; Invoke-WorkerPool -Count 1 { }", "WorkerHostNotFound")]
    [InlineData("1 | Invoke-WorkerPool -Count 1 { } -ArgumentList ('x' * 65MB)", "ArgumentNotSerializable")]
    [InlineData("'x' * 65MB | Invoke-WorkerPool -Count 1 { }", "ItemNotSerializable")]
    [InlineData("1 | Invoke-WorkerPool -Count 1 { 'x' * 65MB }", "OutputNotSerializable")]
    public async Task Bad_input_is_a_clear_error(string script, string id)
    {
        var lines = await Script.RunAsync($$"""
            try { {{script}} } catch { $_.FullyQualifiedErrorId.Split(',')[0]; "$_" }
            """);
        Assert.Equal(id, lines[0]);
        Assert.True(lines[1].Length > 20, lines[1]);
    }

    [Fact]
    public async Task One_item_that_cannot_travel_does_not_keep_the_others()
    {
        var lines = await Script.RunAsync("""
            $results = 1, ('x' * 65MB), 3 | Invoke-WorkerPool -Count 1 { $_ } -ErrorAction SilentlyContinue -ErrorVariable failed
            "$results $($failed.Count) $($failed[0].FullyQualifiedErrorId.Split(',')[0]) $($failed[0].TargetObject.Length)"
            """);
        Assert.Equal(["1 3 1 ItemNotSerializable 68157440"], lines);
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
            $null = $job | Wait-Job -Timeout 60
            $job.State
            $job.Error[0].FullyQualifiedErrorId
            "$($job.Error[0])"
            @(Get-Process -Id $pids -ErrorAction Ignore | Where-Object { -not $_.HasExited }).Count
            """);
        Assert.Equal(["Failed", "WorkerStartFailed"], lines[..2]);
        Assert.StartsWith("Worker-2 cannot be started: ", lines[2], StringComparison.Ordinal);
        Assert.Equal("0", lines[3]);
    }

    [Fact]
    public async Task A_job_whose_pool_fails_is_failed_and_says_why()
    {
        var lines = await Script.RunAsync("""
            $job = 1..3 | Start-WorkerPool -Count 2 -InitializationScript { throw 'broken' } { $_ }
            $job | Wait-Job | Out-Null
            $job.State; $job.Error[0].FullyQualifiedErrorId
            """);
        Assert.Equal(["Failed", "InitializationFailed"], lines);
    }

    [Fact]
    public async Task Errors_of_items_do_not_make_the_job_fail()
    {
        var lines = await Script.RunAsync("""
            $job = 1..3 | Start-WorkerPool -Count 2 { if ($_ -eq 2) { throw 'one' }; $_ }
            $job | Wait-Job | Out-Null
            $job.State; $job.Error.Count
            """);
        Assert.Equal(["Completed", "1"], lines);
    }
}
