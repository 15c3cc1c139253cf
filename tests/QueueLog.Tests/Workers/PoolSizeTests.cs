using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

/// <summary>How many worker processes there are, and for how long.</summary>
public sealed class PoolSizeTests
{
    [Fact]
    public async Task Workers_are_started_as_there_is_work_for_them()
    {
        var lines = await Script.RunAsync("""
            $job = 1..2 | Start-WorkerPool -Count 50 -Name lazy { Start-Sleep -Seconds 300 }
            for ($i = 0; $i -lt 1000 -and @((Get-WorkerPool lazy).Workers | Where-Object State -EQ Busy).Count -lt 2; $i++) { Start-Sleep -Milliseconds 20 }
            @((Get-WorkerPool lazy).Workers | Where-Object Pid -NE 0).Count
            Stop-WorkerPool lazy
            """);
        Assert.Equal(["2"], lines);
    }

    [Fact]
    public async Task A_process_is_replaced_after_so_many_items_and_no_item_is_lost()
    {
        var lines = await Script.RunAsync("""
            $results = 1..100 | Invoke-WorkerPool -Count 2 -MaxItemsPerWorker 10 { [pscustomobject]@{ Number = $_; Pid = $PID } }
            ($results.Number | Sort-Object) -join ','
            ($results | Group-Object Pid | Measure-Object Count -Maximum).Maximum
            ($results.Pid | Sort-Object -Unique).Count -ge 10
            """);
        Assert.Equal([string.Join(',', Enumerable.Range(1, 100)), "10", "True"], lines);
    }

    [Fact]
    public async Task A_process_is_replaced_when_its_memory_has_grown_and_no_item_is_lost()
    {
        var lines = await Script.RunAsync("""
            $results = 1..8 | Invoke-WorkerPool -Count 1 -MaxWorkerMemory 100MB {
                # Not in a variable: of those the next item finds nothing.
                $kept = [byte[]]::new(60MB)
                [Array]::Fill($kept, [byte] 1)
                [AppDomain]::CurrentDomain.SetData("kept $_", $kept)
                Start-Sleep -Milliseconds 400
                [pscustomobject]@{ Number = $_; Pid = $PID }
            }
            ($results.Number | Sort-Object) -join ','
            ($results.Pid | Sort-Object -Unique).Count -gt 1
            """);
        Assert.Equal(["1,2,3,4,5,6,7,8", "True"], lines);
    }

    [Fact]
    public async Task A_running_pool_gets_more_workers()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $folder = '{{folder.Path}}'
            $job = 1..3 | Start-WorkerPool -Count 1 -Name grows {
                # Ends when three are at it at once.
                $null = New-Item (Join-Path $using:folder "$_")
                while (@(Get-ChildItem $using:folder).Count -lt 3) { Start-Sleep -Milliseconds 20 }
                $PID
            }
            while (@(Get-ChildItem $folder).Count -lt 1) { Start-Sleep -Milliseconds 20 }
            (Set-WorkerPool grows 3 -PassThru).Count
            @($job | Receive-Job -Wait -AutoRemoveJob | Sort-Object -Unique).Count
            """);
        Assert.Equal(["3", "3"], lines);
    }

    [Fact]
    public async Task Workers_that_are_too_many_finish_their_items_and_give_back_the_rest()
    {
        var lines = await Script.RunAsync("""
            $job = 1..600 | Start-WorkerPool -Count 4 -Name shrinks { Start-Sleep -Milliseconds 5; [pscustomobject]@{ Number = $_; Pid = $PID } }
            while ((Get-WorkerPool shrinks).ItemsDone -lt 50) { Start-Sleep -Milliseconds 20 }
            Set-WorkerPool shrinks 1
            $last = $null
            while ($job.State -eq 'Running' -and ($last = Get-WorkerPool shrinks) -and @($last.Workers | Where-Object State -NE Ended).Count -gt 1) { Start-Sleep -Milliseconds 20 }
            $last.Count
            $results = $job | Receive-Job -Wait -AutoRemoveJob
            ($results.Number | Sort-Object) -join ','
            """);
        Assert.Equal(["1", string.Join(',', Enumerable.Range(1, 600))], lines);
    }

    [Fact]
    public async Task Workers_that_are_too_many_end_although_there_is_work()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $job = 1..8 | Start-WorkerPool -Count 4 -Name shrinks {
                $file = if ($_ -gt 4) { '{{folder.Combine("go")}}' } else { '{{folder.Combine("shrunk")}}' }
                while (-not [IO.File]::Exists($file)) { Start-Sleep -Milliseconds 20 }
            }
            while (@((Get-WorkerPool shrinks).Workers | Where-Object State -EQ Busy).Count -lt 4) { Start-Sleep -Milliseconds 10 }
            Set-WorkerPool shrinks 1
            [IO.File]::WriteAllText('{{folder.Combine("shrunk")}}', '')
            while (@((Get-WorkerPool shrinks).Workers | Where-Object State -NE Ended).Count -gt 1) { Start-Sleep -Milliseconds 20 }
            $job.State
            [IO.File]::WriteAllText('{{folder.Combine("go")}}', '')
            ($job | Wait-Job).State
            """);
        Assert.Equal(["Running", "Completed"], lines);
    }

    [Fact]
    public async Task A_warm_pool_shrinks_and_grows_again()
    {
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Count 3 -Name warm
            foreach ($count in 1, 4, 2) {
                Set-WorkerPool warm $count
                (Invoke-WorkerPool -Name warm { $_ } | Sort-Object) -join ','
                (1..50 | Invoke-WorkerPool -Name warm { $_ } | Measure-Object -Sum).Sum
            }
            """);
        Assert.Equal(["0", "1275", "0,1,2,3", "1275", "0,1", "1275"], lines);
    }

    [Fact]
    public async Task Sixty_four_workers_run_a_thousand_items()
    {
        var lines = await Script.RunAsync("""
            $results = 1..1000 | Invoke-WorkerPool -Count 64 { Start-Sleep -Milliseconds 20; [pscustomobject]@{ Number = $_; Pid = $PID } }
            ($results.Number | Measure-Object -Sum).Sum
            @($results.Pid | Sort-Object -Unique).Count -gt 20
            """);
        Assert.Equal(["500500", "True"], lines);
    }
}
