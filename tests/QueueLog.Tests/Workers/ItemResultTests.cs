using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class ItemResultTests
{
    [Fact]
    public async Task An_item_gives_one_object_with_all_that_is_known_of_it()
    {
        var lines = await Script.RunAsync("""
            $result = , 'in' | Invoke-WorkerPool -Count 1 -AsResult {
                $ErrorActionPreference = 'Continue'
                'out'; 2; Write-Warning 'w'; Write-Error 'e'; Write-Information 'i'; Write-Host 'h'; $PID
            } 3>&1 6>&1
            @($result).Count; $result.GetType().FullName
            "$($result.Index) $($result.Input) $($result.Status) $($result.Attempt) $($result.Worker)"
            "$($result.Output[0, 1]) $($result.Errors) $($result.Warnings) $($result.Information)"
            $result.Pid -eq $result.Output[2]
            $result.Queued -le $result.Started -and $result.Started + $result.Duration -eq $result.Ended -and $result.Duration -gt 0
            $null -eq $result.ExitCode; "$result"
            """);
        Assert.Equal(["1", "QueueLog.PowerShell.ItemResult", "0 in Completed 1 Worker-1", "out 2 e w i h", "True", "True", "True", "0 Completed"], lines);
    }

    [Fact]
    public async Task Items_that_failed_crashed_or_took_too_long_give_one_too_and_no_errors()
    {
        var lines = await Script.RunAsync("""
            $results = 'fine', 'bad', 'exit', 'slow', 'stuck' | Invoke-WorkerPool -Count 1 -TimeoutSeconds 1 -GraceSeconds 0.2 -AsResult {
                "begun $_"
                switch ($_) {
                    bad { throw 'no good' }
                    exit { [Environment]::Exit(5) }
                    slow { Start-Sleep 600 }
                    stuck { [Threading.Thread]::Sleep(-1) }
                }
            }
            $results | Sort-Object Index | ForEach-Object { "$($_.Input) $($_.Status) $($_.Errors.Count) $($_.Errors.FullyQualifiedErrorId) $($_.ExitCode) $($null -ne $_.Started)" }
            $results[1].Output; "$($results[1])"
            ($results | Where-Object Input -eq stuck).Duration -gt [timespan]::FromSeconds(1)
            """);
        Assert.Equal(
            ["fine Completed 0   True", "bad Failed 1 no good  True", "exit Crashed 1 WorkerDied 5 True", "slow TimedOut 1 ItemTimedOut  True"],
            lines[..4]);
        Assert.StartsWith("stuck TimedOut 1 ItemTimedOut", lines[4], StringComparison.Ordinal);
        Assert.EndsWith("True", lines[4], StringComparison.Ordinal);
        Assert.Equal(["begun bad", "1 Failed: no good", "True"], lines[5..]);
    }

    [Fact]
    public async Task A_halted_run_gives_the_items_it_did_not_run_as_skipped()
    {
        var lines = await Script.RunAsync("""
            $results = [Collections.ArrayList]::new()
            try { 1..5 | Invoke-WorkerPool -Count 1 -Halt Soon -AsResult { if ($_ -eq 2) { throw 'bad' } } | ForEach-Object { $null = $results.Add($_) } } catch { $_.FullyQualifiedErrorId -replace ',.*' }
            ($results | Sort-Object Index).Status -join ','
            $results | Where-Object Status -eq Skipped | Select-Object -First 1 | ForEach-Object { "$($_.Attempt) $($_.Worker) $($_.Pid) $($null -eq $_.Started) $($null -eq $_.Ended)" }
            """);
        Assert.Equal("RunHalted", lines[0]);
        Assert.StartsWith("Completed,Failed,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("Skipped", lines[1], StringComparison.Ordinal);
        Assert.Equal("0  0 True True", lines[2]);
    }

    [Fact]
    public async Task An_item_that_was_tried_again_gives_the_last_attempt_and_says_why()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $flag = '{{folder.Combine("flag")}}'
            $result = 1 | Invoke-WorkerPool -Count 1 -Retry 2 -AsResult { "attempt"; if (-not [IO.File]::Exists($using:flag)) { [IO.File]::WriteAllText($using:flag, ''); throw 'bad' } }
            "$($result.Status) $($result.Attempt) $($result.Output) $($result.Errors.Count)"
            $result.Warnings
            """);
        Assert.Equal(["Completed 2 attempt 0", "Attempt 1 of 3 of item 0 failed: bad; it is tried again."], lines);
    }

    [Fact]
    public async Task Without_it_a_failed_attempt_gives_nothing_and_a_warning()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $flag = '{{folder.Combine("flag")}}'
            1 | Invoke-WorkerPool -Count 1 -Retry 2 -RetryDelaySeconds 0.01 {
                Write-Verbose 'v' -Verbose; "output"; if (-not [IO.File]::Exists($using:flag)) { [IO.File]::WriteAllText($using:flag, ''); [Environment]::Exit(3) }
            } *>&1 | Where-Object { "$_" -ne 'v' } | ForEach-Object { $_ -replace 'process \d+', 'process' }
            """);
        Assert.Equal(["Attempt 1 of 3 of item 0 failed: Worker-1 (process) ended with exit code 3; it is tried again in 0.01 s.", "output"], lines);
    }

    [Fact]
    public async Task A_stopped_job_has_a_result_for_every_item()
    {
        var lines = await Script.RunAsync("""
            $job = 1..6 | Start-WorkerPool -Count 1 -AsResult { if ($_ -eq 3) { 'partly'; Start-Sleep 600 }; $_ }
            while ($job.Output.Count -lt 2) { Start-Sleep -Milliseconds 10 }
            for ($i = 0; $i -lt 1000 -and (Get-WorkerPool $job.Name).Workers[0].CurrentItem -ne 3; $i++) { Start-Sleep -Milliseconds 10 }
            $job | Stop-Job
            "$($job.State) $(($job | Receive-Job | Sort-Object Index).Status -join ',')"
            """);
        Assert.Equal(["Stopped Completed,Completed,Stopped,Skipped,Skipped,Skipped"], lines);
    }

    [Fact]
    public async Task It_is_shown_as_a_table()
    {
        var lines = await Script.RunAsync("""
            1, 2 | Invoke-WorkerPool -Count 1 -AsResult { if ($_ -eq 2) { throw 'no good' }; 'x', 'y' } | Format-Table | Out-String -Width 100 | ForEach-Object { $_.Trim() -split "`r?`n" }
            """);
        Assert.Equal("Index Status    Attempt Worker       Duration Input          Output", lines[0].Trim());
        Assert.Matches(@"^\s*0 Completed +1 Worker-1 +0:00:00\.\d{3} 1 +x y$", lines[2]);
        Assert.Matches(@"^\s*1 Failed +1 Worker-1 +0:00:00\.\d{3} 2 +no good$", lines[3]);
    }
}
