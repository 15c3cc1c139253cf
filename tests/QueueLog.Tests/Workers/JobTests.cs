using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class JobTests
{
    [Fact]
    public async Task All_seven_streams_come_back_while_it_still_runs()
    {
        using var host = Script.Start("""
            $VerbosePreference = $DebugPreference = 'Continue'
            $job = 1 | Start-WorkerPool -Count 1 {
                $ErrorActionPreference = 'Continue'
                'o'; Write-Error 'e'; Write-Warning 'w'; Write-Verbose 'v'; Write-Debug 'd'; Write-Information 'i'; Write-Progress 'p'; Start-Sleep 600
            }
            while (-not ($job.Output.Count -and $job.Error.Count -and $job.Warning.Count -and $job.Verbose.Count -and $job.Debug.Count -and $job.Information.Count -and ($job.Progress | Where-Object Activity -eq 'p'))) { Start-Sleep -Milliseconds 10 }
            "$($job.State) $($job.Output) $($job.Error) $($job.Warning) $($job.Verbose) $($job.Debug) $($job.Information)"
            $ErrorActionPreference = 'Continue'
            ($job | Receive-Job *>&1 | ForEach-Object { "$_" } | Sort-Object) -join ','
            "$($job.State) $(@($job | Receive-Job).Count)"
            $job | Remove-Job -Force
            """);
        Assert.Equal("Running o e w v d i", await host.ReadLineAsync());
        Assert.Equal("d,e,i,o,v,w", await host.ReadLineAsync());
        Assert.Equal("Running 0", await host.ReadLineAsync());
    }

    [Fact]
    public async Task Receive_Job_waits_keeps_and_removes()
    {
        var lines = await Script.RunAsync("""
            (1..3 | Start-WorkerPool -Count 1 { $_ } | Receive-Job -Wait -AutoRemoveJob) -join ','
            @(Get-Job).Count
            $job = 1..3 | Start-WorkerPool -Count 1 { $_; Write-Warning "w$_" }
            (Wait-Job $job).State
            ($job | Receive-Job -Keep 3>$null) -join ','; ($job | Receive-Job -Keep 3>&1 | Sort-Object { "$_" }) -join ','; ($job | Receive-Job 3>$null) -join ','
            "$($job.HasMoreData) $(@($job | Receive-Job).Count)"
            Remove-Job $job; @(Get-Job).Count
            """);
        Assert.Equal(["1,2,3", "0", "Completed", "1,2,3", "1,2,3,w1,w2,w3", "1,2,3", "False 0", "0"], lines);
    }

    [Fact]
    public async Task Receive_Job_removes_a_job_that_ends_while_it_shows_the_first_results()
    {
        // Without progress: whatever the job says meanwhile waits, in the engine, until the first results are shown.
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $ProgressPreference = 'SilentlyContinue'
            $go = '{{folder.Combine("go")}}'
            $job = 1, 2 | Start-WorkerPool -Count 1 { if ($_ -eq 1) { 'first' } else { while (-not [IO.File]::Exists($using:go)) { Start-Sleep -Milliseconds 10 } } }
            while ($job.Output.Count -eq 0) { Start-Sleep -Milliseconds 10 }
            $job | Receive-Job -Wait -AutoRemoveJob | ForEach-Object { [IO.File]::WriteAllText($go, ''); while ($job.State -eq 'Running') { Start-Sleep -Milliseconds 10 }; $_ }
            @(Get-Job).Count
            """);
        Assert.Equal(["first", "0"], lines);
    }

    [Fact]
    public async Task It_is_found_by_everything_that_Get_Job_asks_for()
    {
        var lines = await Script.RunAsync("""
            $job = 1 | Start-WorkerPool -Name found -Count 1 { while ($true) { Start-Sleep -Milliseconds 50 } }
            "$((Get-Job -Name fou*).Id -eq $job.Id) $((Get-Job -Id $job.Id).Name) $((Get-Job -InstanceId $job.InstanceId).Name) $((Get-Job -State Running).Name) $((Get-Job -Command '*while*').Name)"
            Stop-Job $job
            "$($job.State) $($job.JobStateInfo.State)"
            Wait-Job $job | ForEach-Object Name
            Remove-Job $job; @(Get-Job).Count
            """);
        Assert.Equal(["True found found found found", "Stopped Stopped", "found", "0"], lines);
    }

    [Fact]
    public async Task A_halted_run_fails_its_job_with_all_results_before_it()
    {
        var lines = await Script.RunAsync("""
            $job = 1..6 | Start-WorkerPool -Count 1 -Halt Soon { if ($_ -eq 3) { throw 'bad' }; $_ }
            (Wait-Job $job).State
            ($job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable failed)[0, 1] -join ','
            $failed.FullyQualifiedErrorId -replace ',.*'
            """);
        Assert.Equal(["Failed", "1,2", "bad", "RunHalted"], lines);
    }

    [Theory]
    [InlineData("Start-Sleep 600")]
    [InlineData("while ($true) { }")]
    [InlineData("[Threading.Thread]::Sleep(-1)")]
    public async Task A_stop_throws_away_no_result_of_a_finished_item(string stuck)
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $folder = '{{folder.Path}}'
            $job = 1..400 | Start-WorkerPool -Count 2 -AsResult {
                if ($_ -gt 200) { [IO.File]::WriteAllText("$using:folder/stuck$_", ''); {{stuck}} }
                $_
            }
            while (@([IO.Directory]::GetFiles($folder)).Count -lt 2) { Start-Sleep -Milliseconds 5 }
            Stop-Job $job
            $null = Wait-Job $job
            $results = $job | Receive-Job
            "$($results.Count) $(@($results | Where-Object Status -eq Completed).Count) $(@($results | Where-Object Status -eq Stopped).Count) $(@($results | Where-Object Status -eq Skipped).Count) $(($results.Index | Sort-Object -Unique).Count)"
            """);
        Assert.Equal(["400 200 2 198 400"], lines);
    }

    [Theory]
    [InlineData("Output")]
    [InlineData("Error")]
    public async Task A_handler_of_its_events_that_throws_fails_it_and_hangs_nobody(string stream)
    {
        // A script block is such a handler: the results come in on a thread without a runspace.
        var lines = await Script.RunAsync($$"""
            $job = 1..3 | Start-WorkerPool -Count 1 { $_; Write-Error 'soft' }
            $job.{{stream}}.add_DataAdded({ })
            $null = $job | Wait-Job -Timeout 60
            $job.State
            $job.Error[$job.Error.Count - 1].FullyQualifiedErrorId
            @(Get-WorkerPool).Count
            """);
        Assert.Equal(["Failed", "ResultsUnusable", "0"], lines);
    }

    [Fact]
    public async Task Removing_it_by_force_frees_its_job_log()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $log = '{{folder.Combine("log.json")}}'
            $job = 1..3 | Start-WorkerPool -Count 1 -JobLog $log { if ($_ -eq 2) { Start-Sleep 600 }; $_ }
            while ($job.Output.Count -lt 1) { Start-Sleep -Milliseconds 10 }
            Remove-Job $job -Force
            for ($i = 0; $i -lt 500 -and (Get-WorkerPool); $i++) { Start-Sleep -Milliseconds 10 }
            for ($i = 0; $i -lt 500; $i++) { try { (1..3 | Invoke-WorkerPool -Count 1 -JobLog $log -Resume { $_ }) -join ','; break } catch { Start-Sleep -Milliseconds 10 } }
            """);
        Assert.Equal(["2,3"], lines);
    }
}
