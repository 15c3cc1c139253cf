using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool;

/// <summary>What people do to pools without meaning to.</summary>
public sealed class PoolStressTests
{
    [Fact]
    public async Task A_hundred_thousand_empty_items_each_have_one_result()
    {
        var lines = await Script.RunAsync("""
            $count = 0; $sum = 0L
            1..100000 | Invoke-WorkerPool -Count 2 { $_ } | ForEach-Object { $count++; $sum += $_ }
            "$count $sum"
            """);
        Assert.Equal(["100000 5000050000"], lines);
    }

    [Fact]
    public async Task Workers_killed_at_random_cost_no_item_that_may_be_tried_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var lines = await Script.RunAsync("""
            $job = 1..1500 | Start-WorkerPool -Count 3 -Name victims -Retry 1000 -MaxCrashes 1000 -WarningAction SilentlyContinue { Start-Sleep -Milliseconds 2; $_ }
            $random = [Random]::new(7); $kills = 0
            while ($job.State -eq 'Running' -and $kills -lt 12) {
                Start-Sleep -Milliseconds $random.Next(10, 150)
                $worker = (Get-WorkerPool victims -ErrorAction SilentlyContinue).Workers | Where-Object State -EQ Busy | Select-Object -First 1
                if ($worker) { try { [Diagnostics.Process]::GetProcessById($worker.Pid).Kill(); $kills++ } catch { } }
            }
            (($job | Receive-Job -Wait -AutoRemoveJob -WarningAction SilentlyContinue) | Sort-Object) -join ','
            $kills -gt 0
            """);
        Assert.Equal([string.Join(',', Enumerable.Range(1, 1500)), "True"], lines);
    }

    [Fact]
    public async Task Under_kills_each_item_has_one_result_in_its_place_with_the_status_that_its_runs_and_the_job_log_bear_out()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        using var folder = new TempFolder();
        var result = await Script.RunAsync(folder, """
            $folder = (Get-Location).Path
            $job = 1..400 | Start-WorkerPool -Count 3 -Name victims -Retry 1 -KeepOrder -AsResult -JobLog ./run.json {
                [IO.File]::AppendAllText("$using:folder/item-$_", 'x')
                [Threading.Thread]::Sleep(10)
                "out $_"
            }
            $random = [Random]::new(11); $kills = 0
            while ($job.State -eq 'Running' -and $kills -lt 15) {
                Start-Sleep -Milliseconds $random.Next(100, 300)
                $busy = @((Get-WorkerPool victims -ErrorAction SilentlyContinue).Workers | Where-Object { $_.State -eq 'Busy' -and $_.ItemsDone -gt 0 })
                if ($busy) { try { [Diagnostics.Process]::GetProcessById($busy[$random.Next($busy.Count)].Pid).Kill(); $kills++ } catch { } }
            }
            $results = @($job | Receive-Job -Wait)
            "$($job.State -eq ($results.Status -contains 'Crashed' ? 'Failed' : 'Completed')) $($results.Count) $($kills -gt 0)"
            $problems = foreach ($i in 0..399) {
                $item = $results[$i]; $input = $i + 1
                if ($item.Index -ne $i -or $item.Input -ne $input) { "$i is $($item.Index)" }
                $runs = [IO.File]::Exists("$folder/item-$input") ? [IO.File]::ReadAllText("$folder/item-$input").Length : 0
                $isRight = switch ($item.Status) {
                    'Completed' { "$($item.Output)" -eq "out $input" -and -not $item.Errors -and $null -eq $item.ExitCode -and $runs -ge 1 }
                    'Crashed' { $item.Attempt -eq 2 -and $item.ExitCode -eq 137 -and $item.Errors.Count -eq 1 -and -not $item.Output }
                }
                if (-not $isRight -or $runs -gt $item.Attempt) { "$input $($item.Status) $($item.Attempt) $runs" }
            }
            "[$problems]"
            $noted = @(Get-Content ./run.json | ConvertFrom-Json)
            $given, $written = foreach ($list in $results, $noted) { ($list | ForEach-Object { "$($_.Index) $($_.Status) $($_.Attempt)" }) -join ',' }
            "$($noted.Count) $($given -eq $written)"
            """);
        Assert.Equal("", result.Error);
        Assert.Equal(["True 400 True", "[]", "400 True"], result.Lines);
    }

    [Fact]
    public async Task Whatever_an_item_does_to_its_process_the_others_have_their_results()
    {
        // The item goes on until the results of those before it have come: what is unsent when a process dies is lost with it.
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $env:DOTNET_GCHeapHardLimit = '0xC000000'
            $null = Start-WorkerPool -Count 2 -Name warm
            foreach ($work in
                "[Environment]::FailFast('broken')",
                '[Runtime.InteropServices.Marshal]::ReadInt32([IntPtr]::Zero)',
                '$all = [Collections.Generic.List[object]]::new(); while ($true) { $all.Add([byte[]]::new(20MB)) }',
                '$null = [Console]::OpenStandardError(); [Diagnostics.Process]::GetCurrentProcess().Kill(); [Threading.Thread]::Sleep(-1)') {
                $go = '{{folder.Path}}/' + [guid]::NewGuid()
                $block = [scriptblock]::Create("if (`$_ -eq 4) { while (-not [IO.File]::Exists('$go')) { Start-Sleep -Milliseconds 10 }; $work }; `$_")
                $before = [int[]]::new(1)
                $results = 1..10 | Invoke-WorkerPool -Name warm $block -ErrorAction SilentlyContinue -ErrorVariable failed |
                    ForEach-Object { if ($_ -lt 4) { $before[0]++; if ($before[0] -eq 3) { [IO.File]::WriteAllText($go, '') } }; $_ }
                "$(($results | Sort-Object) -join ',') $(@($failed.TargetObject | Sort-Object -Unique) -join ',')"
            }
            """);
        Assert.Equal(Enumerable.Repeat("1,2,3,5,6,7,8,9,10 4", 4), lines);
    }

    [Fact]
    public async Task A_flood_of_outputs_that_no_one_wants_any_more_holds_up_nothing()
    {
        var lines = await Script.RunAsync("""
            $first = Invoke-WorkerPool -Count 2 { while ($true) { 'x' * 1000 } } | ForEach-Object { Start-Sleep -Milliseconds 500; $_ } | Select-Object -First 1
            "$($first.Length) $(@(Get-WorkerPool).Count)"
            $job = Start-WorkerPool -Count 2 { while ($true) { 'x' * 1000 } }
            while ($job.Output.Count -lt 1000) { Start-Sleep -Milliseconds 10 }
            $job | Remove-Job -Force
            while (Get-WorkerPool) { Start-Sleep -Milliseconds 10 }
            'gone'
            """);
        Assert.Equal(["1000 0", "gone"], lines);
    }

    [Fact]
    public async Task Sixteen_workers_run_a_thousand_items()
    {
        // None goes on before all sixteen are at one.
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $results = 1..1000 | Invoke-WorkerPool -Count 16 {
                [IO.File]::WriteAllText("{{folder.Path}}/$PID", '')
                while ([IO.Directory]::GetFiles('{{folder.Path}}').Length -lt 16) { Start-Sleep -Milliseconds 20 }
                [pscustomobject]@{ Number = $_; Pid = $PID }
            }
            ($results.Number | Measure-Object -Sum).Sum
            @($results.Pid | Sort-Object -Unique).Count
            """);
        Assert.Equal(["500500", "16"], lines);
    }

    [Fact]
    public async Task A_worker_that_breaks_its_pipe_is_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the pipe in /proc.");
        var lines = await Script.RunAsync("""
            $results = 1..10 | Invoke-WorkerPool -Count 2 {
                if ($_ -eq 4) {
                    # Every socket this process has, shut under its feet.
                    foreach ($entry in [IO.Directory]::GetFileSystemEntries('/proc/self/fd')) {
                        $target = [IO.File]::ResolveLinkTarget($entry, $false)
                        if ("$target" -like '*socket:*') {
                            try { [Net.Sockets.Socket]::new([Net.Sockets.SafeSocketHandle]::new([int] [IO.Path]::GetFileName($entry), $false)).Shutdown('Both') } catch { }
                        }
                    }
                    Start-Sleep -Seconds 300
                }
                $_
            } -ErrorAction SilentlyContinue -ErrorVariable failed
            ($results | Sort-Object) -join ','
            @($failed.TargetObject | Sort-Object -Unique) -join ','
            """);
        Assert.Equal(["1,2,3,5,6,7,8,9,10", "4"], lines);
    }

    [Fact]
    public async Task Fifty_megabytes_go_there_and_back()
    {
        var lines = await Script.RunAsync("""
            $text = 'x' * 50MB
            $back = $text | Invoke-WorkerPool -Count 1 { $_ }
            $back -ceq $text
            [byte[]] $bytes = [byte[]]::new(50MB); [Random]::new(1).NextBytes($bytes)
            $hash = (, $bytes | Invoke-WorkerPool -Count 1 { [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($_)) })
            $hash -eq [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($bytes))
            """);
        Assert.Equal(["True", "True"], lines);
    }

    [Fact]
    public async Task A_worker_may_have_a_pool_of_its_own_which_ends_with_it()
    {
        var lines = await Script.RunAsync("""
            (1..3 | Invoke-WorkerPool -Count 2 { $outer = $_; 1..4 | Invoke-WorkerPool -Count 2 { $_ * $using:outer } } | Measure-Object -Sum).Sum
            """);
        Assert.Equal(["60"], lines);
    }
}
