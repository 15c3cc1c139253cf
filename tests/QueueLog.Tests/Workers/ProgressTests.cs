using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class ProgressTests
{
    // A runspace of its own keeps the records of what runs in it, as no host does.
    private const string Prologue = """
        function Get-Progress([string] $script) {
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            $null = $shell.AddScript("Import-Module '$((Get-Module QueueLog).Path)'`n$script")
            $null = $shell.Invoke()
            if ($shell.Streams.Error.Count) { throw "$($shell.Streams.Error)" }
            $shell.Streams.Progress
        }

        """;

    [Fact]
    public async Task An_items_own_progress_comes_back_below_its_worker()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync(Prologue + $$"""
            $records = Get-Progress @'
            1, 2 | Invoke-WorkerPool -Count 2 {
                [IO.File]::WriteAllText("{{folder.Path}}/$_", '')
                while ([IO.Directory]::GetFiles('{{folder.Path}}').Count -lt 2) { Start-Sleep -Milliseconds 5 }
                Write-Progress -Id 5 'mine' "status $_" -PercentComplete (10 * $_) -CurrentOperation 'op' -SecondsRemaining 7
                Write-Progress -Id 6 -ParentId 5 'inner' 'status'
            }
            '@
            $mine = @($records | Where-Object { $_.Activity -eq 'mine' -and $_.RecordType -eq 'Processing' } | Sort-Object PercentComplete)
            $mine | ForEach-Object { "$($_.StatusDescription) $($_.PercentComplete) $($_.CurrentOperation) $($_.SecondsRemaining)" }
            ($mine.ActivityId | Sort-Object -Unique).Count
            foreach ($one in $mine) { ($records | Where-Object ActivityId -eq $one.ParentActivityId | Select-Object -First 1).Activity -replace '\d' }
            @($records | Where-Object { $_.Activity -eq 'inner' -and $_.ParentActivityId -in $mine.ActivityId }).Count
            $open = @{}
            $records | ForEach-Object { if ($_.RecordType -eq 'Completed') { $open.Remove($_.ActivityId) } else { $open[$_.ActivityId] = $true } }
            $open.Count
            """);
        Assert.Equal(["status 1 10 op 7", "status 2 20 op 7", "2", "Worker-", "Worker-", "2", "0"], lines);
    }

    [Fact]
    public async Task The_run_shows_how_far_it_is_while_it_waits_for_items_that_say_nothing()
    {
        var lines = await Script.RunAsync(Prologue + """
            $records = Get-Progress '1..4 | Invoke-WorkerPool -Count 1 { if ($_ -eq 3) { throw "bad" }; Start-Sleep -Milliseconds 700 } -ErrorAction Ignore'
            $run = @($records | Where-Object { $_.Activity -like 'Worker pool *' -and $_.RecordType -eq 'Processing' })
            $run.Count -ge 3
            $run[-1].StatusDescription -match '^\d of 4 items done, 1 failed, \d\.\d a second$'
            $run[-1].PercentComplete -gt 0 -and $run[-1].SecondsRemaining -ge 0
            @($records | Where-Object { $_.Activity -eq 'Worker-1' -and $_.ParentActivityId -eq $run[0].ActivityId -and $_.RecordType -eq 'Processing' }).StatusDescription -match '^[124]$' -join ','
            $records[-1].RecordType; $records[-1].ActivityId -eq $run[0].ActivityId
            $records.Count -lt 60
            """);
        Assert.Equal(["True", "True", "True", "1,2,4", "Completed", "True", "True"], lines);
    }

    [Theory]
    [InlineData("SilentlyContinue")]
    [InlineData("Ignore")]
    public async Task Who_wants_no_progress_gets_none(string preference)
    {
        var lines = await Script.RunAsync(Prologue + $$"""
            @(Get-Progress '$ProgressPreference = "{{preference}}"; 1 | Invoke-WorkerPool -Count 1 { Write-Progress mine; Start-Sleep -Milliseconds 800 }').Count
            @(Get-Progress '1 | Invoke-WorkerPool -Count 1 -ProgressAction {{preference}} { Write-Progress mine; Start-Sleep -Milliseconds 800 }').Count
            $ProgressPreference = '{{preference}}'
            $job = 1 | Start-WorkerPool -Count 1 { Write-Progress mine; Start-Sleep -Milliseconds 800 }
            $job | Wait-Job | Out-Null
            $job.Progress.Count
            """);
        Assert.Equal(["0", "0", "0"], lines);
    }

    [Fact]
    public async Task A_flood_of_progress_is_thinned_out_in_the_worker()
    {
        var lines = await Script.RunAsync(Prologue + """
            $records = Get-Progress '1..200 | Invoke-WorkerPool -Count 1 { for ($i = 0; $i -lt 100; $i++) { Write-Progress flood -PercentComplete $i }; Write-Progress flood -Completed }'
            @($records | Where-Object Activity -eq flood).Count
            """);
        Assert.InRange(int.Parse(Assert.Single(lines)), 1, 200);
    }

    [Fact]
    public async Task A_job_shows_how_far_it_is_and_keeps_little_of_it()
    {
        var lines = await Script.RunAsync("""
            $job = 1..1000 | Start-WorkerPool -Count 2 { Start-Sleep -Milliseconds 20; Write-Progress mine "item $_" -PercentComplete 50 }
            for ($i = 0; $i -lt 2000 -and -not ($job.Progress | Where-Object StatusDescription -match '^[1-9]\d* of 1,?000 items done' | ForEach-Object { $job.Progress | Where-Object Activity -eq Worker-1 } | ForEach-Object { $job.Progress | Where-Object Activity -eq Worker-2 }); $i++) { Start-Sleep -Milliseconds 10 }
            $shown = $job.Progress.ReadAll()
            @($shown | Where-Object Activity -eq "Worker pool $($job.Name)").Count
            (@($shown | Where-Object Activity -like 'Worker-*').Activity | Sort-Object -Unique) -join ','
            @($shown | Where-Object Activity -eq mine).Count -gt 0
            $job | Stop-Job
            $job.Progress.Count -lt 210
            """);
        Assert.Equal(["1", "Worker-1,Worker-2", "True", "True"], lines);
    }
}
