using System.Globalization;
using System.Text.RegularExpressions;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

/// <summary>Failed items that end the run.</summary>
public sealed class PoolHaltTests
{
    [Fact]
    public async Task Without_it_all_items_are_run_however_many_fail()
    {
        var lines = await Script.RunAsync("""
            (1..20 | Invoke-WorkerPool -Count 2 { if ($_ % 2) { throw 'no' }; $_ } -ErrorAction SilentlyContinue -ErrorVariable failed).Count
            $failed.Count
            """);
        Assert.Equal(["10", "10"], lines);
    }

    [Theory]
    [InlineData("", "-Count 2")]
    [InlineData("$null = Start-WorkerPool -Count 2 -Name warm", "-Name warm")]
    public async Task Soon_lets_what_is_under_way_end_and_begins_nothing_more(string before, string pool)
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            {{before}}
            $folder = '{{folder.Path}}'
            try {
                1..1000 | Invoke-WorkerPool {{pool}} -Halt Soon -HaltAfter 2 {
                    $path = Join-Path $using:folder "$_"
                    [IO.File]::WriteAllText($path, 'begun')
                    if ($_ -in 20, 21) { throw 'no' }
                    [IO.File]::WriteAllText($path, 'ended')
                } -ErrorAction SilentlyContinue
                'ran to its end'
            }
            catch { $_.FullyQualifiedErrorId.Split(',')[0]; $_.Exception.Message }
            """);
        Assert.Equal("RunHalted", lines[0]);
        Assert.Matches(@"^2 of \d+ items failed, so .*(not run|were begun)\. ", lines[1]);
        var begun = Directory.GetFiles(folder.Path);
        Assert.InRange(begun.Length, 3, 900);
        Assert.Equal(2, begun.Count(path => File.ReadAllText(path) == "begun"));
    }

    [Fact]
    public async Task Soon_takes_back_what_a_worker_holds_and_has_not_begun()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $null = Start-LogListener '{{folder.Combine("run.log")}}' -MinimumLevel Debug
            $job = 1..1000 | Start-WorkerPool -Count 1 -Halt Soon {
                if ($_ -eq 300) { throw 'no' }
                if ($_ -gt 300) { while (-not [IO.File]::Exists('{{folder.Combine("go")}}')) { Start-Sleep -Milliseconds 20 }; Start-Sleep -Milliseconds 20; $_ }
            }
            while (-not ([IO.File]::ReadAllText('{{folder.Combine("run.log")}}') -match 'items? failed')) { Start-Sleep -Milliseconds 20 }
            [IO.File]::WriteAllText('{{folder.Combine("go")}}', '')
            $null = $job | Wait-Job
            @($job.Output).Count
            """);

        // The one it had begun; a batch of items as quick as those before it holds dozens.
        Assert.InRange(int.Parse(Assert.Single(lines), CultureInfo.InvariantCulture), 0, 3);
    }

    [Fact]
    public async Task Whoever_is_told_of_a_halt_is_told_of_all_that_was_not_run()
    {
        var lines = await Script.RunAsync("""
            $job = 1..100 | Start-WorkerPool -Count 1 -Halt Now { if ($_ -eq 50) { throw 'no' }; if ($_ -gt 50) { Start-Sleep 300 }; $_ }
            $null = $job | Wait-Job
            $job.Output.Count
            $job.Error[-1].Exception.Message
            """);
        var (failed, ended, others) = Assert.Single(Regex.Matches(lines[1], @"^(\d+) of (\d+) items failed, so (\d+) others").Select(found =>
            (Number(found, 1), Number(found, 2), Number(found, 3))));
        Assert.Equal("49", lines[0]);
        Assert.Equal(1, failed);
        Assert.Equal(100, ended + others);

        static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("", "-Count 2")]
    [InlineData("$null = Start-WorkerPool -Count 2 -Name warm", "-Name warm")]
    public async Task Now_stops_what_is_under_way(string before, string pool)
    {
        var lines = await Script.RunAsync($$"""
            {{before}}
            $clock = [Diagnostics.Stopwatch]::StartNew()
            try { 1..10 | Invoke-WorkerPool {{pool}} -Halt Now { if ($_ -eq 1) { Start-Sleep -Seconds 300 }; if ($_ -eq 2) { throw 'no' } } -ErrorAction SilentlyContinue }
            catch { $_.FullyQualifiedErrorId.Split(',')[0] }
            $clock.Elapsed.TotalSeconds -lt 30
            """);
        Assert.Equal(["RunHalted", "True"], lines);
    }

    [Fact]
    public async Task A_warm_pool_goes_on_with_its_next_call()
    {
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Count 2 -Name warm
            foreach ($mode in 'Soon', 'Now') {
                try { 1..1000 | Invoke-WorkerPool -Name warm -Halt $mode { if ($_ -eq 50) { throw 'no' } } -ErrorAction SilentlyContinue } catch { 'halted' }
                (1..100 | Invoke-WorkerPool -Name warm { $_ } | Measure-Object -Sum).Sum
            }
            """);
        Assert.Equal(["halted", "5050", "halted", "5050"], lines);
    }

    [Fact]
    public async Task An_endless_input_is_not_read_on()
    {
        var lines = await Script.RunAsync("""
            try { & { for ($i = 0; ; $i++) { $i } } | Invoke-WorkerPool -Count 1 -Halt Soon { throw 'no' } -ErrorAction SilentlyContinue } catch { 'halted' }
            """);
        Assert.Equal(["halted"], lines);
    }

    [Fact]
    public async Task A_job_that_halts_has_failed_and_gives_what_was_done()
    {
        var lines = await Script.RunAsync("""
            $job = 1..100 | Start-WorkerPool -Count 1 -Halt Soon -HaltAfter 3 { if ($_ -gt 5) { throw 'no' }; $_ }
            $null = $job | Wait-Job
            $job.State
            ($job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable failed) -join ','
            $failed.Count
            $failed[-1].FullyQualifiedErrorId
            """);
        Assert.Equal(["Failed", "1,2,3,4,5"], lines[..2]);
        Assert.InRange(int.Parse(lines[2]), 4, 20);
        Assert.Equal("RunHalted", lines[3]);
    }

    [Theory]
    [InlineData("-Halt Soon -HaltAfter 'many'", "InvalidHaltAfter")]
    [InlineData("-Halt Soon -HaltAfter '0'", "InvalidHaltAfter")]
    [InlineData("-Halt Soon -HaltAfter '101%'", "InvalidHaltAfter")]
    [InlineData("-HaltAfter 3", "HaltModeMissing")]
    public async Task A_threshold_that_is_none_is_refused(string parameters, string id)
    {
        var lines = await Script.RunAsync($$"""
            try { 1 | Invoke-WorkerPool -Count 1 {{parameters}} { $_ } } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
            try { 1 | Start-WorkerPool -Count 1 {{parameters}} { $_ } } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
            @(Get-WorkerPool).Count
            """);
        Assert.Equal([id, id, "0"], lines);
    }
}
