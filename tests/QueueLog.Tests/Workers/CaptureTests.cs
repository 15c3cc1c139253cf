using System.Text.RegularExpressions;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

/// <summary>The streams of items, and what their processes write past them, as records.</summary>
public sealed class CaptureTests
{
    private static readonly string Native = OperatingSystem.IsWindows() ? "cmd /c 'echo first& echo second& echo problem 1>&2'" : "/bin/sh -c 'echo first; echo second; echo problem >&2'";

    [Fact]
    public async Task Each_stream_becomes_records_of_its_level_in_the_order_written()
    {
        var (_, log) = await PoolScript.RunAsync("""
            $VerbosePreference = $DebugPreference = 'Continue'
            $null = 'a', 'b' | Invoke-WorkerPool -Count 1 {
                if ($_ -eq 'a') { return }
                'one {Item} {0} {'; 2.5; Write-QueueLog 'own'; Write-Warning 'w'; Write-Verbose 'v'; Write-Debug 'd'
                Write-Information 'i'; Write-Host 'h' -ForegroundColor Red; Write-Host 'left ' -NoNewline; Write-Host 'right'
                $Host.UI.WriteLine('host'); , (1, 2); $null; [pscustomobject]@{ A = 1 }; Write-Host 'no end' -NoNewline
            } *>&1
            """);
        Assert.Equal(
            [
                "Information|Pool.Output|one {Item} {0} {[]", "Information|Pool.Output|2.5[]", "Information||own[]", "Warning|Pool.Warning|w[]", "Debug|Pool.Verbose|v[]",
                "Debug|Pool.Debug|d[]", "Information|Pool.Information|i[]", "Information|Pool.Information|h[]", "Information|Pool.Information|left right[]",
                "Information|Pool.Information|host[]", "Information|Pool.Output|1 2[]", "Information|Pool.Output|@{A=1}[]", "Information|Pool.Information|no end[]",
            ],
            OfItem(log, "Worker-1|1|1|").Where(line => !line.Contains("QueueLog.Pool", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_error_is_one_record_with_its_script_stack_once()
    {
        var (_, log) = await PoolScript.RunAsync("""
            $ErrorActionPreference = 'Continue'
            function Show-Nothing { }
            1..2 | Invoke-WorkerPool -Count 1 -InitializationScript { function Invoke-Failure { if ($args[0] -eq 1) { Write-Error 'mistake' } else { throw 'a {brace} is no hole' } } } {
                Invoke-Failure $_
            } -ErrorAction SilentlyContinue
            """);
        var mistake = Assert.Single(log, line => line.StartsWith("Worker-1|0|1|Error|Pool.Error|mistake[", StringComparison.Ordinal));
        Assert.Single(Regex.Matches(mistake, "at Invoke-Failure,"));
        var thrown = Assert.Single(log, line => line.StartsWith("Worker-1|1|1|Error|Pool.Error|a {brace} is no hole[System.Management.Automation.RuntimeException", StringComparison.Ordinal));
        Assert.Single(Regex.Matches(thrown, "at Invoke-Failure,"));
        Assert.DoesNotContain("<Process>", thrown, StringComparison.Ordinal);

        // The item's own end repeats the message, and not the stack.
        Assert.Equal(2, log.Count(line => line.Contains("Invoke-Failure", StringComparison.Ordinal)));
        Assert.Matches(@"^Worker-1\|1\|1\|Warning\|QueueLog\.Pool\|item 1 failed after [\d.]+ ms: a \{brace\} is no hole\[\]$", Assert.Single(log, line => line.Contains(" failed ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Native_programs_are_logged_line_by_line()
    {
        var (output, log) = await PoolScript.RunAsync($$"""
            $ErrorActionPreference = 'Continue'
            1 | Invoke-WorkerPool -Count 1 { {{Native}} } 2>$null
            """);
        Assert.Equal(["first", "second"], output.Select(line => line.Trim()));
        Assert.Equal(["Information|Pool.Output|first", "Information|Pool.Output|second"], OfItem(log, "Worker-1|0|1|").Where(line => line.Contains("Pool.Output", StringComparison.Ordinal)).Select(Bare));
        Assert.Equal(["Warning|Pool.StdErr|problem"], OfItem(log, "Worker-1|0|1|").Where(line => line.Contains("problem", StringComparison.Ordinal)).Select(Bare));
    }

    [Fact]
    public async Task Lines_written_past_the_streams_are_logged_by_the_pool_for_their_worker()
    {
        // The item goes on until its lines have come back, so that it is the one they were written at.
        var (output, log) = await PoolScript.RunAsync("""
            $go = Join-Path (Get-Location) 'go'
            'a', 'b' | Invoke-WorkerPool -Count 1 {
                if ($_ -eq 'b') {
                    [Console]::Out.WriteLine('raw {out}'); [Console]::Error.WriteLine('raw err'); $PID
                    while (-not [IO.File]::Exists($using:go)) { Start-Sleep -Milliseconds 5 }
                }
            } 6>&1 | ForEach-Object { $global:n++; if ($_ -is [int]) { $_ }; if ($n -eq 3) { [IO.File]::WriteAllText($go, '') } }
            """);
        Assert.Equal(["Worker-1|1|1|Information|Pool.StdOut|raw {out}[]", "Worker-1|1|1|Warning|Pool.StdErr|raw err[]"], log.Where(line => line.Contains("raw", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Single(output);
    }

    [Fact]
    public async Task No_capture_leaves_out_the_streams_and_nothing_else()
    {
        var (output, log) = await PoolScript.RunAsync($$"""
            $ErrorActionPreference = 'Continue'
            1..2 | Invoke-WorkerPool -Count 1 -NoCapture {
                if ($_ -eq 2) { throw 'the only trace' }
                'out'; Write-Warning 'stream w'; Write-Host 'stream h'; Write-Error 'stream e'; [Console]::Out.WriteLine('stream raw'); {{Native}}; Write-QueueLog 'own'
            } *>&1 | ForEach-Object { "$_" }
            """);
        foreach (var stream in new[] { "out", "stream w", "stream h", "stream e", "stream raw", "first", "problem", "the only trace" })
        {
            Assert.Contains(output, line => line.Trim() == stream);
        }

        Assert.DoesNotContain(log, line => line.Contains("|Pool.", StringComparison.Ordinal));
        Assert.Contains("Worker-1|0|1|Information||own[]", log);
        Assert.Contains(log, line => line.Contains("|QueueLog.Pool|item 0 completed", StringComparison.Ordinal));
        var failed = Assert.Single(log, line => line.Contains("item 1 failed", StringComparison.Ordinal));
        Assert.Contains("[System.Management.Automation.RuntimeException: the only trace", failed, StringComparison.Ordinal);
        Assert.Contains("at <ScriptBlock>", failed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_can_leave_out_its_streams_and_a_warm_pools_next_call_has_them_again()
    {
        var (_, log) = await PoolScript.RunAsync("""
            1 | Start-WorkerPool -Count 1 -NoCapture { 'quiet job' } | Receive-Job -Wait -AutoRemoveJob
            $null = Start-WorkerPool -Count 1 -Name warm
            1 | Invoke-WorkerPool -Name warm -NoCapture { 'quiet call' }
            1 | Invoke-WorkerPool -Name warm { 'loud call' }
            Stop-WorkerPool warm
            """);
        Assert.DoesNotContain(log, line => line.Contains("quiet", StringComparison.Ordinal));
        Assert.Contains("Worker-1|0|1|Information|Pool.Output|loud call[]", log);
    }

    [Theory]
    [InlineData("Information", "1")]
    [InlineData("Warning", "0")]
    public async Task What_no_sink_wants_is_not_even_made_text(string level, string asked)
    {
        var (output, log) = await PoolScript.RunAsync(
            """
            1..2 | Invoke-WorkerPool -Count 1 {
                if ($_ -eq 2) { Write-Warning 'wanted'; return "asked $([int] [AppDomain]::CurrentDomain.GetData('asked'))" }
                $costly = [pscustomobject]@{ A = 1 }
                $costly | Add-Member -MemberType ScriptMethod -Name ToString -Value { [AppDomain]::CurrentDomain.SetData('asked', 1); 'costly' } -Force
                $costly
            } 3>$null | Where-Object { $_ -is [string] }
            """,
            level);
        Assert.Equal([$"asked {asked}"], output);
        Assert.Equal(asked == "1", log.Contains("Worker-1|0|1|Information|Pool.Output|costly[]"));
        Assert.Contains("Worker-1|1|1|Warning|Pool.Warning|wanted[]", log);
    }

    [Fact]
    public async Task A_text_that_throws_costs_neither_the_item_nor_its_record()
    {
        var (output, log) = await PoolScript.RunAsync("""
            1 | Invoke-WorkerPool -Count 1 { $o = [pscustomobject]@{ A = 7 }; $o | Add-Member -MemberType ScriptMethod -Name ToString -Value { throw 'no text' } -Force; $o } | ForEach-Object { $_.A }
            """);
        Assert.Equal(["7"], output);
        Assert.Contains(log, line => line.StartsWith("Worker-1|0|1|Information|Pool.Output|", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("item 0 completed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_listener_or_with_one_that_is_gone_everything_comes_back_as_ever()
    {
        var lines = await Script.RunAsync("""
            $block = { "o$_"; Write-Warning "w$_"; Write-Host "h$_"; if ($_ -eq 2) { throw 'two' } }
            function Show { ($args[0] | ForEach-Object { "$_" } | Sort-Object) -join ',' }
            Show (1..3 | Invoke-WorkerPool -Count 1 $block -ErrorAction Continue *>&1)
            $env:QUEUELOG_PIPE = if ($IsWindows) { '\\.\pipe\nobody-here' } else { '/tmp/nobody-here.pipe' }
            Show (1..3 | Invoke-WorkerPool -Count 1 $block -ErrorAction Continue *>&1)
            """);
        Assert.Equal(["h1,h2,h3,o1,o2,o3,two,w1,w2,w3", "h1,h2,h3,o1,o2,o3,two,w1,w2,w3"], lines);
    }

    [Fact]
    public async Task A_listener_that_stops_in_mid_item_costs_nothing_but_the_records()
    {
        var lines = await Script.RunAsync("""
            $folder = [IO.Directory]::CreateTempSubdirectory('queuelog-test-').FullName
            $null = Start-LogListener "$folder/run.log" -Template '{Message}' -NoHeader
            $null = Start-WorkerPool -Count 1 -Name warm
            1 | Invoke-WorkerPool -Name warm { "first $_" }
            $null = Stop-LogListener
            (1..50 | Invoke-WorkerPool -Name warm { $_ } | Measure-Object).Count
            [IO.File]::ReadAllText("$folder/run.log").Trim()
            [IO.Directory]::Delete($folder, $true)
            """);
        Assert.Equal(["first 1", "50", "first 1"], lines);
    }

    private static IEnumerable<string> OfItem(string[] log, string prefix) =>
        log.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => line[prefix.Length..]);

    private static string Bare(string line) => line.Replace("[]", "", StringComparison.Ordinal).Trim();
}
