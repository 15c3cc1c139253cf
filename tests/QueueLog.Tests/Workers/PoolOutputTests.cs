using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class PoolOutputTests
{
    [Fact]
    public async Task Every_stream_comes_back_as_what_it_was()
    {
        var lines = await Script.RunAsync("""
            $VerbosePreference = $DebugPreference = $ErrorActionPreference = 'Continue'
            $all = 'in' | Invoke-WorkerPool -Count 1 {
                'out'; Write-Warning 'w'; Write-Verbose 'v'; Write-Debug 'd'; Write-Information 'i' -Tags one, two
                Write-Host 'h' -ForegroundColor Red -NoNewline; Write-Error 'e'
            } *>&1
            foreach ($one in $all) { "$($one.GetType().Name) $one" }
            $information = @($all | Where-Object { $_ -is [System.Management.Automation.InformationRecord] })
            $information[0].Tags -join ','
            "$($information[1].MessageData.ForegroundColor) $($information[1].MessageData.NoNewLine) $($information[1].Tags -join ',')"
            """);
        Assert.Equal(
            ["String out", "WarningRecord w", "VerboseRecord v", "DebugRecord d", "InformationRecord i", "InformationRecord h", "ErrorRecord e", "one,two", "Red True PSHOST"],
            lines);
    }

    [Fact]
    public async Task A_job_keeps_the_streams_apart()
    {
        var lines = await Script.RunAsync("""
            $job = 1, 2 | Start-WorkerPool -Count 1 { $ErrorActionPreference = 'Continue'; "o$_"; Write-Warning "w$_"; Write-Error "e$_"; Write-Information "i$_" }
            $job | Wait-Job | Out-Null
            "$($job.State) $($job.PSJobTypeName) $($job.Location) $($job.HasMoreData)"
            $job.Output -join ','; $job.Warning -join ','; $job.Error -join ','; $job.Information -join ','
            """);
        Assert.Equal(["Completed QueueLogPool localhost True", "o1,o2", "w1,w2", "e1,e2", "i1,i2"], lines);
    }

    [Fact]
    public async Task What_is_written_past_the_streams_becomes_information()
    {
        var lines = await Script.RunAsync("""
            $all = 1 | Invoke-WorkerPool -Count 1 { [Console]::Out.WriteLine('raw out'); [Console]::Error.WriteLine('raw err'); $Host.UI.WriteLine('host'); 'out' } 6>&1
            foreach ($one in $all) { "$($one.Tags -join ',') $one" }
            """);
        Assert.Equal([" out", "PSHOST host", "stderr raw err", "stdout raw out"], lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_exception_ends_its_item_only_and_names_the_input()
    {
        var lines = await Script.RunAsync("""
            $results = 1..4 | Invoke-WorkerPool -Count 1 { if ($_ -eq 2) { throw "bad $_" }; "r$_" } -ErrorAction SilentlyContinue -ErrorVariable failed
            $results -join ','
            "$($failed.Count) $($failed[0]) $($failed[0].TargetObject) $($failed[0].Exception.GetType().Name) $($failed[0].Exception.RemoteType) $($failed[0].Exception.Item) $($failed[0].Exception.Worker)"
            $failed[0].ScriptStackTrace
            """);
        Assert.Equal(
            ["r1,r3,r4", "1 bad 2 2 WorkerItemException System.Management.Automation.RuntimeException 1 Worker-1", "at <ScriptBlock>, <No file>: line 1"],
            lines);
    }

    [Fact]
    public async Task An_error_that_ends_a_statement_does_not_end_the_item()
    {
        var lines = await Script.RunAsync("""
            $results = 1, 2 | Invoke-WorkerPool -Count 1 { $ErrorActionPreference = 'Continue'; 1 / ($_ - 2); "after $_" } -ErrorAction SilentlyContinue -ErrorVariable failed
            $results -join ','; $failed.Count; $failed[0].FullyQualifiedErrorId -like 'RuntimeException*'; $failed[0].CategoryInfo.Category
            """);
        Assert.Equal(["-1,after 1,after 2", "1", "True", "NotSpecified"], lines);
    }

    [Fact]
    public async Task Stray_flow_control_ends_its_item_only()
    {
        var lines = await Script.RunAsync("""
            (1..6 | Invoke-WorkerPool -Count 1 {
                if ($_ -eq 2) { continue }
                if ($_ -eq 3) { break }
                if ($_ -eq 4) { break elsewhere }
                if ($_ -eq 5) { return 'returned' }
                $_
            }) -join ','
            """);
        Assert.Equal(["1,returned,6"], lines);
    }

    [Fact]
    public async Task An_item_may_write_a_hundred_thousand_objects()
    {
        var lines = await Script.RunAsync("""
            $results = 1 | Invoke-WorkerPool -Count 1 { 1..100000 }
            "$($results.Count) $($results[0]) $($results[-1])"
            """);
        Assert.Equal(["100000 1 100000"], lines);
    }

    [Fact]
    public async Task A_flood_of_outputs_that_no_one_wants_any_more_holds_up_nothing()
    {
        var lines = await Script.RunAsync("""
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $first = Invoke-WorkerPool -Count 2 { while ($true) { 'x' * 1000 } } | ForEach-Object { Start-Sleep -Milliseconds 500; $_ } | Select-Object -First 1
            "$($first.Length) $(@(Get-WorkerPool).Count)"
            $job = Start-WorkerPool -Count 2 { while ($true) { 'x' * 1000 } }
            while ($job.Output.Count -lt 1000) { Start-Sleep -Milliseconds 10 }
            $job | Remove-Job -Force
            for ($i = 0; $i -lt 500 -and (Get-WorkerPool); $i++) { Start-Sleep -Milliseconds 10 }
            @(Get-WorkerPool).Count
            """);
        Assert.Equal(["1000 0", "0"], lines);
    }

    [Fact]
    public async Task Large_inputs_and_outputs_arrive_whole()
    {
        var lines = await Script.RunAsync("""
            $results = 1..4 | ForEach-Object { 'x' * 5MB + $_ } | Invoke-WorkerPool -Count 2 { $_ + '!' }
            ($results | ForEach-Object { "$($_.Length) $($_.Substring($_.Length - 2))" } | Sort-Object) -join ','
            """);
        Assert.Equal([string.Join(',', Enumerable.Range(1, 4).Select(i => $"5242882 {i}!"))], lines);
    }

    [Fact]
    public async Task Outputs_of_a_long_item_arrive_while_it_runs()
    {
        using var host = Script.Start("1 | Invoke-WorkerPool -Count 1 { 'first'; Start-Sleep 600 }");
        Assert.Equal("first", await host.ReadLineAsync());
    }

    [Fact]
    public async Task Values_come_back_as_jobs_give_them()
    {
        var lines = await Script.RunAsync("""
            $values = 1, 2L, 1.5, 3d, 'text', $true, [char]'x', [guid]::Empty, [timespan]1, [uri]'http://x/', [ipaddress]'1.2.3.4', [DayOfWeek]::Friday, @(1, 2), @{ a = 1 }, [pscustomobject]@{ p = 1 }
            $null = Start-WorkerPool -Count 1 -Name shared
            foreach ($value in $values) {
                $back = , $value | Invoke-WorkerPool -Name shared { , $_ }
                $clixml = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($value))
                if ($back.GetType() -ne $clixml.GetType() -or -not "$($back.PSTypeNames)".StartsWith("$($clixml.PSTypeNames)")) { "$value came back as $($back.GetType())" }
            }
            'end'
            """);
        Assert.Equal(["end"], lines);
    }

    [Fact]
    public async Task What_the_pool_tells_a_worker_does_not_reach_what_the_worker_starts()
    {
        var lines = await Script.RunAsync("""
            Invoke-WorkerPool -Count 1 { "[$env:QUEUELOG_WORKER$env:QUEUELOG_MODULE$env:QUEUELOG_WORKER_SETTINGS$env:DOTNET_TieredPGO$env:DOTNET_EnableDiagnostics$env:POWERSHELL_DIAGNOSTICS_OPTOUT$env:DOTNET_STARTUP_HOOKS]" }
            """);
        Assert.Equal(["[]"], lines);
    }

    [Fact]
    public async Task A_setting_of_the_users_is_left_as_it_is()
    {
        var lines = await Script.RunAsync("""
            $env:DOTNET_TieredPGO = '1'
            Invoke-WorkerPool -Count 1 { "[$env:DOTNET_TieredPGO]" }
            """);
        Assert.Equal(["[1]"], lines);
    }

    [Fact]
    public async Task Workers_leave_no_files_of_the_runtime_behind_however_they_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pipes of Windows are no files.");
        var pids = (await Script.RunAsync("""
            Invoke-WorkerPool -Count 2 { $PID }
            1 | Invoke-WorkerPool -Count 1 { $PID; Start-Sleep -Milliseconds 100; Stop-Process -Id $PID -Force } 2>$null -ErrorAction SilentlyContinue
            exit 0
            """)).Distinct().ToArray();
        Assert.Equal(3, pids.Length);
        var left = Directory.EnumerateFileSystemEntries(Path.GetTempPath())
            .Select(path => Path.GetFileName(path))
            .Where(name => pids.Any(pid => name.Contains($"-{pid}-", StringComparison.Ordinal) || name.Contains($".{pid}.", StringComparison.Ordinal)));
        Assert.Empty(left);
    }
}
