using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>What runs in a sink: script blocks and filters, in scripts of real processes.</summary>
public sealed class SinkScriptTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_script_gets_each_record_as_an_object_in_its_own_session()
    {
        var lines = await RunAsync("""
            $sink = New-LogSink -ScriptBlock {
                param($given)
                $r = $_
                ($using:seen).Enqueue("$($r.Level)|$($r.Message)|$($r.Template)|$($r.Category)|$($r.Properties['Item'])|$($r.Process)|$($r.Pid -eq $PID)|$($r.Sequence)|$($r.Timestamp.GetType().Name)|$($given -eq $r)")
                'output is nobody''s'
            }
            $listener = Start-LogListener ./run.log -Sink $sink
            Write-QueueLog 'item {Item}' -ArgumentList 3 -Level Warning -Category Db
            Write-QueueLog 'plain'
            Stop-LogListener | Out-Null
            $seen
            """);
        Assert.Equal(["Warning|item 3|item {Item}|Db|3|pwsh|True|1|DateTimeOffset|True", "Information|plain||||pwsh|True|2|DateTimeOffset|True"], lines);
    }

    [Theory]
    [InlineData("{ param([object[]] $all) ($using:seen).Enqueue(\"$($all.Count): $($all.Message -join ',')\") }")]
    [InlineData("{ param([QueueLog.Records.LogRecord[]] $all) ($using:seen).Enqueue(\"$($all.Count): $($all.Message -join ',')\") }")]
    public async Task A_script_whose_first_parameter_is_an_array_gets_many_at_once(string block)
    {
        // The first holds the sink until all others have come.
        var lines = await RunAsync($$"""
            $go = [System.Threading.ManualResetEventSlim]::new()
            $sink = New-LogSink -ScriptBlock {{block.Replace("($using:seen)", "($using:go).Wait(); ($using:seen)", StringComparison.Ordinal)}}
            Start-LogListener ./run.log -Sink $sink | Out-Null
            Write-QueueLog 'first' -Wait
            1..100 | ForEach-Object { Write-QueueLog "$_" }
            Write-QueueLog 'last' -Wait
            $go.Set()
            Stop-LogListener | Out-Null
            $seen
            """);
        Assert.True(lines.Length < 101, $"{lines.Length} calls");
        Assert.Equal(["first", .. Enumerable.Range(1, 100).Select(i => $"{i}"), "last"], lines.SelectMany(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(',')));
    }

    [Fact]
    public async Task A_block_with_a_process_block_and_one_without_parameters()
    {
        var lines = await RunAsync("""
            $sinks = @(
                New-LogSink -ScriptBlock { begin { $n = 0 } process { ($using:seen).Enqueue("process $($_.Message)"); $n++ } end { ($using:seen).Enqueue("end") } }
                New-LogSink -ScriptBlock { [CmdletBinding()] param() ($using:seen).Enqueue("none $($_.Message)") }
            )
            Start-LogListener ./run.log -Sink $sinks | Out-Null
            Write-QueueLog 'one'
            Stop-LogListener | Out-Null
            $seen | Sort-Object
            """);
        Assert.Equal(["end", "none one", "process one"], lines);
    }

    [Fact]
    public async Task It_sees_functions_aliases_the_location_and_nothing_else_of_the_session()
    {
        var lines = await RunAsync("""
            function Get-Inner { "inner $args" }
            function Get-Outer($Text) { "outer " + (Get-Inner $Text) }
            Set-Alias outer Get-Outer
            $here = "not there"
            $block = { "block $args" }
            $sink = New-LogSink -ScriptBlock { ($using:seen).Enqueue("$(outer $_.Message)|$here|$(& $using:block 5)|$((Get-Location).Path)") }
            $sink2 = New-LogSink -ScriptBlock { $script:count++; ($using:seen).Enqueue("count $script:count") } -Filter { (Get-Inner $_.Level) -eq 'inner Error' }
            Start-LogListener ./run.log -Sink $sink, $sink2 | Out-Null
            Write-QueueLog 'x'
            Write-QueueLog 'y' -Level Error
            Write-QueueLog 'z' -Level Error
            Stop-LogListener | Out-Null
            $seen | Sort-Object
            (Get-Location).Path
            """);
        Assert.Equal(["count 1", "count 2", $"outer inner x||block 5|{lines[^1]}", $"outer inner y||block 5|{lines[^1]}", $"outer inner z||block 5|{lines[^1]}"], lines[..^1]);
    }

    [Fact]
    public async Task A_script_that_throws_on_every_third_record_gets_all_others_and_is_reported_once_for_a_block()
    {
        var lines = await RunAsync("""
            $go = [System.Threading.ManualResetEventSlim]::new()
            $sink = New-LogSink -Name third -ScriptBlock {
                ($using:go).Wait()
                if ($_.Sequence % 3 -eq 0) { throw "no third" }
                ($using:seen).Enqueue($_.Message)
            }
            $listener = Start-LogListener ./run.log -Template '{Message}' -NoHeader -Sink $sink
            Write-QueueLog '1' -Wait
            2..30 | ForEach-Object { Write-QueueLog "$_" }
            Write-QueueLog '31' -Wait
            $go.Set()
            $listener | Stop-LogListener -WarningAction SilentlyContinue | Out-Null
            $state = $listener.Sinks | Where-Object Name -EQ third
            "$($state.Taken) $($state.Written) $($state.LeftOut) $($state.Failures) $($listener.Failures.Count -lt 4) $($listener.Failures[0].Message)"
            $seen
            """);
        Assert.Equal("31 21 10 10 True Could not run the script of 'third': no third", lines[0]);
        Assert.Equal(Enumerable.Range(1, 31).Where(i => i % 3 != 0).Select(i => $"{i}"), lines[1..]);
        var log = folder.ReadLines("run.log");
        Assert.Equal(31, log.Count(line => !line.StartsWith("Sink third", StringComparison.Ordinal)));
        Assert.Contains("Sink third: Could not run the script of 'third': no third", log);
    }

    [Fact]
    public async Task An_error_that_ends_a_statement_or_is_only_written_ends_no_run_and_is_reported()
    {
        var lines = await RunAsync("""
            $sink = New-LogSink -ScriptBlock {
                [int]::Parse('x')
                Write-Error 'written'
                ($using:seen).Enqueue("went on with $($_.Message)")
            }
            $listener = Start-LogListener ./run.log -Sink $sink
            Write-QueueLog 'a'
            $listener | Stop-LogListener -WarningAction SilentlyContinue | Out-Null
            $listener.Failures.Message
            $seen
            "$(($listener.Sinks)[1].Written)"
            """);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("Could not run the script of 'script': Exception calling \"Parse\"", lines[0]);
        Assert.Equal(["Could not run the script of 'script': written", "went on with a", "1"], lines[1..]);
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("break")]
    [InlineData("continue")]
    [InlineData("return")]
    public async Task Whatever_ends_a_run_ends_only_that(string end)
    {
        var lines = await RunAsync($$"""
            $sink = New-LogSink -ScriptBlock { ($using:seen).Enqueue($_.Message); {{end}} } -Filter { if ($_.Message -eq 'b') { {{end}} }; $_.Message -ne 'c' }
            $listener = Start-LogListener ./run.log -Sink $sink
            'a', 'b', 'c', 'd' | Write-QueueLog
            Stop-LogListener | Out-Null
            $seen
            $state = $listener.Sinks[1]
            "$($state.Taken) $($state.Written) $($state.Filtered) $($state.LeftOut)"
            """);
        Assert.Equal(end == "return" ? ["a", "d", "4 2 2 0"] : ["a", "b", "d", "4 3 1 0"], lines);
    }

    [Fact]
    public async Task A_filter_that_throws_lets_the_record_pass_and_is_reported_once()
    {
        var lines = await RunAsync("""
            $sink = New-LogSink ./filtered.log -Template '{Message}' -NoHeader -Filter { $_.Message.Substring(2) -eq 'yes' }
            $listener = Start-LogListener ./run.log -Sink $sink
            'a yes', 'b no', 'x', 'y' | Write-QueueLog
            $listener | Stop-LogListener -WarningAction SilentlyContinue | Out-Null
            $listener.Failures.Count
            $listener.Failures[0].Message
            "$($listener.Sinks[1].Taken) $($listener.Sinks[1].Filtered) $($listener.Sinks[1].Written)"
            """);
        Assert.Equal("1", lines[0]);
        Assert.StartsWith($"Could not apply the filter of '{folder.Combine("filtered.log")}': Exception calling \"Substring\"", lines[1]);
        Assert.Equal("4 1 3", lines[2]);
        Assert.Equal(["a yes", "x", "y"], folder.ReadLines("filtered.log"));
    }

    [Fact]
    public async Task What_scripts_of_sinks_log_themselves_is_in_the_log_and_feeds_none_of_them()
    {
        var lines = await RunAsync("""
            $sinks = @(
                New-LogSink -Name first -ScriptBlock { Write-QueueLog "first saw $($_.Message)"; ($using:seen).Enqueue("first $($_.Message)") }
                New-LogSink -Name second -ScriptBlock { (Get-QueueLogger).Info("second saw $($_.Message)"); $_ | Write-QueueLog -Level Error; ($using:seen).Enqueue("second $($_.Message)") }
            )
            $listener = Start-LogListener ./run.log -Template '{Level} {Message}' -NoHeader -Sink $sinks
            Write-QueueLog 'a'
            Write-QueueLog 'b'
            Stop-LogListener | Out-Null
            $seen | Sort-Object
            $listener.Failures.Message
            """);
        Assert.Equal(["first a", "first b", "second a", "second b"], lines);
        Assert.Equal(
            [
                "Error a", "Error b", "Information a", "Information b", "Information first saw a", "Information first saw b",
                "Information second saw a", "Information second saw b",
            ],
            folder.ReadLines("run.log").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_script_that_waits_for_the_log_waits_for_no_one_who_waits_for_it()
    {
        var lines = await RunAsync("""
            $sink = New-LogSink -ScriptBlock { Write-QueueLog "saw $($_.Message)" -Wait; ($using:seen).Enqueue($_.Message) }
            Start-LogListener ./run.log -Template '{Message}' -NoHeader -Sink $sink | Out-Null
            1..50 | Write-QueueLog
            Stop-LogListener | Out-Null
            $seen.Count
            """);
        Assert.Equal(["50"], lines);
        Assert.Equal(100, folder.ReadLines("run.log").Length);
    }

    [Fact]
    public async Task A_script_that_hangs_is_stopped_when_the_time_of_the_stop_is_over_and_what_it_did_is_known()
    {
        var lines = await RunAsync("""
            $hung = [System.Threading.ManualResetEventSlim]::new()
            $sinks = @(
                New-LogSink -Name hung -ScriptBlock { if ($_.Message -eq '3') { ($using:hung).Set(); while ($true) { Start-Sleep -Milliseconds 50 } } }
                New-LogSink -Name other -ScriptBlock { param([object[]] $all) $all.ForEach{ ($using:seen).Enqueue($_.Message) } }
            )
            $listener = Start-LogListener ./run.log -Template '{Message}' -NoHeader -Sink $sinks
            1..10 | Write-QueueLog
            $hung.Wait()
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $listener | Stop-LogListener -TimeoutSeconds 1 -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
            $watch.Elapsed.TotalSeconds -lt 15
            "$warned"
            $state = $listener.Sinks[1]
            "$($state.Taken) $($state.Written) $($state.LeftOut)"
            $seen.Count
            """);
        Assert.Equal(["True", "hung: 8 records were left out of 'hung' at the end: it did not take them in time.", "10 2 8", "10"], lines);
        Assert.Equal([.. Enumerable.Range(1, 10).Select(i => $"{i}"), "8 records were left out of sink hung, which did not take them before the listener ended"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_script_that_nothing_can_stop_holds_up_neither_the_stop_nor_the_end_of_the_process()
    {
        var lines = await RunAsync("""
            $hung = [System.Threading.ManualResetEventSlim]::new()
            $sink = New-LogSink -Name hung -ScriptBlock { ($using:hung).Set(); [System.Threading.Thread]::Sleep(-1) }
            $listener = Start-LogListener ./run.log -Template '{Message}' -NoHeader -Sink $sink
            Write-QueueLog '1'
            $hung.Wait()
            $listener | Stop-LogListener -TimeoutSeconds 0 -WarningAction SilentlyContinue | Out-Null
            "$($listener.State) $($listener.Sinks[1].LeftOut)"
            """);
        Assert.Equal(["Stopped 1"], lines);
    }

    [Fact]
    public async Task One_sink_serves_several_listeners()
    {
        var lines = await RunAsync("""
            $sink = New-LogSink -ScriptBlock { ($using:seen).Enqueue($_.Message) }
            $one = Start-LogListener ./one.log -Sink $sink
            $two = Start-LogListener ./two.log -Sink $sink
            Write-QueueLog 'to one' -Listener $one
            Write-QueueLog 'to two' -Listener $two
            $one, $two | Stop-LogListener | Out-Null
            $seen | Sort-Object
            """);
        Assert.Equal(["to one", "to two"], lines);
    }

    private async Task<string[]> RunAsync(string script)
    {
        var result = await Script.RunAsync(folder, "$ErrorActionPreference = 'Stop'\n$seen = [System.Collections.Concurrent.ConcurrentQueue[object]]::new()\n" + script);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        return result.Lines;
    }
}
