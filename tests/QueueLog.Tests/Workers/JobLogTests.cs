using System.Globalization;
using System.Text.Json;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class JobLogTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string LogPath => folder.Combine("items.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Each_finished_item_has_its_line_that_ConvertFrom_Json_reads()
    {
        var lines = await Script.RunAsync($$"""
            'a', 'b', 'c' | Invoke-WorkerPool -Count 1 -JobLog '{{LogPath}}' -ErrorAction SilentlyContinue -WarningAction SilentlyContinue {
                if ($_ -eq 'b') { throw 'bad' }; if ($_ -eq 'c') { [Environment]::Exit(4) }; 1, 'two', @{ three = 3 }; Write-Warning 'w'; Write-Information 'i'
            } | Out-Null
            $read = [IO.File]::ReadAllLines('{{LogPath}}') | ConvertFrom-Json
            foreach ($one in $read) { "$($one.Index) $($one.Input) $($one.Status) $($one.Attempt) $($one.Worker) $($one.ExitCode) $($one.Errors.Id) $($one.Errors.Message -replace ' .*')" }
            "$($read[0].Output[0..1]) $($read[0].Output[2].three) $($read[0].Warnings) $($read[0].Information)"
            $read[0].Pid -gt 0 -and [datetimeoffset]$read[0].Queued -le [datetimeoffset]$read[0].Started -and [timespan]$read[0].Duration -gt 0
            """);
        Assert.Equal(
            ["0 a Completed 1 Worker-1   ", "1 b Failed 1 Worker-1  bad bad", "2 c Crashed 1 Worker-1 4 WorkerDied Worker-1", "1 two 3 w i", "True"],
            lines);
    }

    [Fact]
    public async Task Resume_leaves_out_what_was_finished_and_ResumeFailed_runs_what_failed_again()
    {
        var lines = await Script.RunAsync($$"""
            $log = '{{LogPath}}'
            $null = 1..3 | Invoke-WorkerPool -Count 1 -JobLog $log -ErrorAction SilentlyContinue { if ($_ -eq 2) { throw 'bad' } }
            (1..4 | Invoke-WorkerPool -Count 1 -JobLog $log -Resume { "first $_" }) -join ','
            (1..5 | Invoke-WorkerPool -Count 1 -JobLog $log -ResumeFailed { "second $_" }) -join ','
            (1..5 | Start-WorkerPool -Count 1 -JobLog $log -ResumeFailed -AsResult { $_ } | Receive-Job -Wait -AutoRemoveJob).Status -join ','
            (1, 1, 2 | Invoke-WorkerPool -Count 1 -JobLog $log -Resume { "third $_" }) -join ','
            (@{ a = 1; b = 2; c = 3 }, 1.5 | Invoke-WorkerPool -Count 1 -JobLog $log { 'run' }) -join ','
            """);
        Assert.Equal(["first 4", "second 2,second 5", "Skipped,Skipped,Skipped,Skipped,Skipped", "third 1", "run,run"], lines);

        // Another process gives the entries of a hashtable in another order.
        lines = await Script.RunAsync($$"""@({ c = 3; a = 1; b = 2 }, @{ a = 1; b = 2; c = 3 }, 1.5 | Invoke-WorkerPool -Count 1 -JobLog '{{LogPath}}' -Resume { 'again' }).Count""".Replace("@({", "@(@{", StringComparison.Ordinal));
        Assert.Equal(["1"], lines);
    }

    [Fact]
    public async Task Without_Resume_everything_is_run_and_noted_again()
    {
        var lines = await Script.RunAsync($$"""
            1..2 | ForEach-Object { (1, 2 | Invoke-WorkerPool -Count 1 -JobLog '{{LogPath}}' { $_ }) -join ',' }
            [IO.File]::ReadAllLines('{{LogPath}}').Count
            """);
        Assert.Equal(["1,2", "1,2", "4"], lines);
    }

    [Fact]
    public async Task A_run_whose_session_was_killed_goes_on_where_it_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var runs = folder.Combine("runs");
        Directory.CreateDirectory(runs);
        var script = $$"""
            $runs = '{{runs}}'
            (1..30 | Invoke-WorkerPool -Count 2 -JobLog '{{LogPath}}' -Resume {
                [IO.File]::WriteAllText("$using:runs/$_ $([guid]::NewGuid())", '')
                while ($_ -gt 10 -and -not [IO.File]::Exists("$using:runs/go")) { Start-Sleep -Milliseconds 10 }
                $_
            } | Measure-Object).Count
            """;
        int[] underWay;
        using (var host = Script.Start(script))
        {
            await Eventually.TrueAsync(() => File.Exists(LogPath) && folder.ReadLines("items.json").Length == 10 && UnderWay().Length == 2, "ten are finished and two under way");
            host.Signal("KILL");
            await host.CompleteAsync();
            underWay = UnderWay();
        }

        await File.WriteAllTextAsync(Path.Combine(runs, "go"), "");
        Assert.Equal(["20"], await Script.RunAsync(script));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => underWay.Contains(i) ? 2 : 1), Enumerable.Range(1, 30).Select(RunsOf));
        Assert.Equal(Enumerable.Range(0, 30), folder.ReadLines("items.json").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Index").GetInt32()).Order());

        int[] UnderWay() => [.. Enumerable.Range(11, 20).Where(item => RunsOf(item) > 0)];

        int RunsOf(int item) => Directory.GetFiles(runs, item.ToString(CultureInfo.InvariantCulture) + " *").Length;
    }

    [Fact]
    public async Task A_stopped_job_is_gone_on_with_where_it_stopped()
    {
        var lines = await Script.RunAsync($$"""
            $log = '{{LogPath}}'
            $job = 1..5 | Start-WorkerPool -Count 1 -JobLog $log { if ($_ -eq 3) { Start-Sleep 600 }; $_ }
            while ($job.Output.Count -lt 2) { Start-Sleep -Milliseconds 10 }
            $job | Stop-Job
            $job.State
            (1..5 | Invoke-WorkerPool -Count 1 -JobLog $log -Resume { $_ }) -join ','
            """);
        Assert.Equal(["Stopped", "3,4,5"], lines);
    }

    [Fact]
    public async Task One_run_at_a_time_writes_it()
    {
        var lines = await Script.RunAsync($$"""
            $log = '{{LogPath}}'
            $job = 1 | Start-WorkerPool -Count 1 -JobLog $log { Start-Sleep 600 }
            try { 1 | Invoke-WorkerPool -Count 1 -JobLog $log { $_ } } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }
            $job | Stop-Job
            1 | Invoke-WorkerPool -Count 1 -JobLog $log { 'free' }
            $PID
            """);
        Assert.Equal("JobLogInUse,QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand", lines[0]);
        Assert.Contains($"by process {lines[3]}.", lines[1], StringComparison.Ordinal);
        Assert.Equal("free", lines[2]);
    }

    [Fact]
    public async Task What_cannot_be_used_is_said_before_anything_is_run()
    {
        var lines = await Script.RunAsync($$"""
            function Try-It([scriptblock] $block) { try { & $block } catch { $_.FullyQualifiedErrorId -replace ',.*' } }
            Try-It { 1 | Invoke-WorkerPool -Count 1 -JobLog '{{folder.Combine("no", "such", "folder.json")}}' { 'run' } }
            Try-It { 1 | Start-WorkerPool -Count 1 -JobLog '{{folder.Path}}' { 'run' } }
            Try-It { 1 | Invoke-WorkerPool -Count 1 -JobLog 'Variable:x' { 'run' } }
            Try-It { 1 | Invoke-WorkerPool -Count 1 -Resume { 'run' } }
            Try-It { 1 | Start-WorkerPool -Count 1 -ResumeFailed { 'run' } }
            Try-It { Start-WorkerPool -Count 1 -JobLog '{{LogPath}}' }
            @(Get-Job).Count; @(Get-WorkerPool).Count
            """);
        Assert.Equal(["JobLogUnusable", "JobLogUnusable", "JobLogUnusable", "JobLogMissing", "JobLogMissing", "ScriptBlockMissing", "0", "0"], lines);
    }
}
