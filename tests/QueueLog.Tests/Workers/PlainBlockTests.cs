using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

/// <summary>What a block does is the same whether it is called directly, as plain ones are, or by a pipeline of its own.</summary>
public sealed class PlainBlockTests
{
    // Plain, plain with parameters, and two that are not.
    public static TheoryData<string> Heads => new("", "param($item, $second)", "param([object] $item, $second)", "param($item, $second) $null = $PSBoundParameters;");

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task A_block_has_its_item_its_arguments_and_a_scope_of_its_own(string head)
    {
        var lines = await Script.RunAsync($$"""
            function Show-Item { "in $_" }
            (1..3 | Invoke-WorkerPool -Count 1 -ArgumentList 'more' { {{head}}
                "$_ $(if ($args) { $args -join '+' } else { "$item+$second" }) [$left$shared] $?"
                Show-Item; , (1, 2) | ForEach-Object { $_.Count }; 1, 2; $null
                $left = 1; $script:shared = 1; Get-Variable nothing -ErrorAction SilentlyContinue
            }) -join ' '
            """);
        Assert.Equal(["1 1+more [] True in 1 2 1 2  2 2+more [] True in 2 2 1 2  3 3+more [] True in 3 2 1 2 "], lines);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task Whatever_ends_an_item_the_next_runs_in_the_same_process(string head)
    {
        var lines = await Script.RunAsync($$"""
            $results = 1..9 | Invoke-WorkerPool -Count 1 -ErrorAction SilentlyContinue -ErrorVariable failed { {{head}}
                "$_-$PID"
                if ($_ -eq 1) { throw 'thrown' }
                elseif ($_ -eq 2) { break }
                elseif ($_ -eq 3) { Write-Error 'written' -ErrorAction Stop }
                elseif ($_ -eq 4) { continue }
                elseif ($_ -eq 5) { break nowhere }
                elseif ($_ -eq 6) { [int]::Parse('x') }
                elseif ($_ -eq 7) { Write-Error 'goes on' -ErrorAction Continue; 'on' }
                elseif ($_ -eq 8) { return }
                'end'
            }
            ($results -replace '-\d+$') -join ' '
            @($results -like '*-*' -replace '^\d-' | Select-Object -Unique).Count
            foreach ($one in $failed) { "$($one.TargetObject) $($one.FullyQualifiedErrorId -replace ',.*') $($one.Exception.RemoteType -replace '.*\.') $($one.ScriptStackTrace -replace 'line \d+', 'line' -replace '\r?\n', '|')" }
            """);
        Assert.Equal(
            [
                "1 2 3 4 5 6 7 on end 8 9 end", "1",
                "1 thrown RuntimeException at <ScriptBlock>, <No file>: line",
                "3 Microsoft.PowerShell.Commands.WriteErrorException WriteErrorException at <ScriptBlock>, <No file>: line",
                "6 FormatException ParentContainsErrorRecordException at <ScriptBlock>, <No file>: line",
                "7 Microsoft.PowerShell.Commands.WriteErrorException WriteErrorException at <ScriptBlock>, <No file>: line",
            ],
            lines);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task What_an_item_writes_is_there_before_it_ends_and_it_can_be_stopped(string head)
    {
        var lines = await Script.RunAsync($$"""
            $results = 1..2 | Invoke-WorkerPool -Count 1 -TimeoutSeconds 1 -ErrorAction SilentlyContinue -ErrorVariable failed { {{head}} "$_-$PID"; if ($_ -eq 1) { while ($true) { } } }
            @($results -replace '-.*') -join ' '; @($results -replace '.*-' | Select-Object -Unique).Count; $failed[0].FullyQualifiedErrorId
            (1..9 | Invoke-WorkerPool -Count 1 { {{head}} 1; while ($true) { Start-Sleep 1 } } | Select-Object -First 1)
            """);
        Assert.Equal(["1 2", "1", "ItemTimedOut,QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand", "1"], lines);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task Exit_ends_the_worker_with_its_code(string head)
    {
        var lines = await Script.RunAsync($$"""
            $results = 1..2 | Invoke-WorkerPool -Count 1 -ErrorAction SilentlyContinue -ErrorVariable failed { {{head}} if ($_ -eq 1) { exit 7 }; "r$_" }
            "$results $($failed[0].FullyQualifiedErrorId -replace ',.*') $($failed[0].Exception.Message -match 'code 7')"
            """);
        Assert.Equal(["r2 WorkerDied True"], lines);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task Values_of_the_caller_are_those_of_the_present_call_in_functions_and_blocks_too(string head)
    {
        var lines = await Script.RunAsync($$"""
            $pool = Start-WorkerPool -Count 1
            foreach ($value in 'one', 'two') {
                $list = @{ inner = $value }
                1..2 | Invoke-WorkerPool -Pool $pool { {{head}} function Get-It { $using:value }; "$using:value $(Get-It) $(& { $using:list.inner })" }
            }
            try { 1 | Invoke-WorkerPool -Pool $pool { {{head}} & ([scriptblock]::Create('$using:value')) } } catch { $_.FullyQualifiedErrorId -replace ',.*' }
            $pool | Stop-WorkerPool -Confirm:$false
            """);
        Assert.Equal(["one one one", "one one one", "two two two", "two two two", "UsingWithoutInvokeCommand"], lines);
    }

    [Fact]
    public async Task A_call_that_repeats_the_one_before_finds_nothing_of_it()
    {
        var lines = await Script.RunAsync("""
            $pool = Start-WorkerPool -Count 1
            function Call { Invoke-WorkerPool -Pool $pool -InputObject 1 -ArgumentList (, @{ n = 0 }) { "$($args[1].n)[$global:left]$(Split-Path -Leaf $PWD)$?"; $args[1].n++; $global:left = 1; Set-Location / } }
            Set-Location $PSHOME
            @(@(Call; Call; Call) | Select-Object -Unique).Count
            $shown = @(Call; Call)
            $shown[0] -eq $shown[1]; $shown[0] -like '0*True'
            $pool | Stop-WorkerPool -Confirm:$false
            """);
        Assert.Equal(["1", "True", "True"], lines);
    }

    [Fact]
    public async Task The_engine_calls_plain_blocks_directly_and_makes_no_entries_it_would_not_write()
    {
        var lines = await Script.RunAsync("""
            1 | Invoke-WorkerPool -Count 1 {
                $inside = [Reflection.BindingFlags] 'Instance, Static, NonPublic, Public'
                $assembly = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'QueueLog.PowerShell' }
                $state = $assembly.GetType('QueueLog.PowerShell.EngineState').GetMethod('Of').Invoke($null, @($ExecutionContext.SessionState))
                $state.GetType().GetProperty('CanCall').GetValue($state)
                if ($IsWindows) { 'False'; 'True'; return }
                $log = [psobject].Assembly.GetType('System.Management.Automation.Tracing.PSSysLogProvider').GetField('s_provider', $inside).GetValue($null)
                $asked = $log.GetType().GetMethod('IsEnabled', $inside)
                $level, $keyword = $asked.GetParameters().ParameterType
                foreach ($keywords in 0x20, 0xFFFFFFFFFFFFFF) { $asked.Invoke($log, @([Enum]::ToObject($level, 4), [Enum]::ToObject($keyword, $keywords))) }
            }
            """);
        Assert.Equal(["True", "False", "True"], lines);
    }
}
