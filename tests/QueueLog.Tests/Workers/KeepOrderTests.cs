using System.Globalization;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class KeepOrderTests
{
    [Fact]
    public async Task Results_come_in_the_order_of_the_input_whoever_is_quicker()
    {
        var lines = await Script.RunAsync("""
            $results = 1..200 | Invoke-WorkerPool -Count 4 -KeepOrder { if ($_ % 10 -eq 1) { Start-Sleep -Milliseconds 50 }; $_; "$_!" }
            $expected = 1..200 | ForEach-Object { $_; "$_!" }
            ($results -join ',') -eq ($expected -join ',')
            (1..50 | Start-WorkerPool -Count 4 -KeepOrder { if ($_ % 10 -eq 1) { Start-Sleep -Milliseconds 50 }; $_ } | Receive-Job -Wait -AutoRemoveJob) -join ',' -eq (1..50 -join ',')
            """);
        Assert.Equal(["True", "True"], lines);
    }

    [Fact]
    public async Task All_streams_of_an_item_come_in_its_place()
    {
        var lines = await Script.RunAsync("""
            $all = 1..3 | Invoke-WorkerPool -Count 3 -ErrorAction Continue -KeepOrder { $ErrorActionPreference = 'Continue'; Start-Sleep -Milliseconds (400 - 100 * $_); Write-Warning "w$_"; "o$_"; Write-Error "e$_"; Write-Host "h$_" } *>&1
            $all | ForEach-Object { "$_" }
            """);
        Assert.Equal(["w1", "o1", "e1", "h1", "w2", "o2", "e2", "h2", "w3", "o3", "e3", "h3"], lines);
    }

    [Fact]
    public async Task The_first_item_is_passed_on_while_it_runs()
    {
        using var host = Script.Start("1..3 | Invoke-WorkerPool -Count 3 -KeepOrder { if ($_ -eq 1) { 'first'; Start-Sleep 600 }; $_ }");
        Assert.Equal("first", await host.ReadLineAsync());
    }

    [Fact]
    public async Task Failed_crashed_and_unsent_items_hold_up_no_other()
    {
        var lines = await Script.RunAsync("""
            $unsendable = [pscustomobject]@{} | Add-Member -MemberType NoteProperty -Name big -Value ('x' * 70MB) -PassThru
            (& { 1; $unsendable; 2..8 } | Invoke-WorkerPool -Count 3 -KeepOrder { if ($_ -eq 2) { throw 'bad' }; if ($_ -eq 4) { [Environment]::Exit(2) }; if ($_ -eq 6) { Start-Sleep -Milliseconds 200 }; $_ } -ErrorAction SilentlyContinue -ErrorVariable failed) -join ','
            ($failed | ForEach-Object { $_.Exception.GetType().Name }) -join ','
            """);
        Assert.Equal("1,3,5,6,7,8", lines[0]);
        Assert.Equal("InvalidOperationException,WorkerItemException,WorkerItemException", lines[1]);
    }

    [Fact]
    public async Task The_pool_runs_ahead_of_a_slow_item_only_as_far_as_its_window()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Combine("begun"));
        using var host = Script.Start($$"""
            $begun = '{{folder.Combine("begun")}}'
            & { for ($i = 0; ; $i++) { $i } } | Invoke-WorkerPool -Count 2 -KeepOrder {
                [IO.File]::WriteAllText("$using:begun/$_", '')
                if ($_ -eq 0) { while (-not [IO.File]::Exists("$using:begun/go")) { Start-Sleep -Milliseconds 10 } }
                $_
            } | Select-Object -First 500 | Select-Object -Last 1
            """);
        await Eventually.TrueAsync(() => folder.FilesIn("begun").Length == 64, "the window is full");

        // No wait shows that nothing follows; but what had been sent would have been begun before what comes now.
        await File.WriteAllTextAsync(folder.Combine("begun", "go"), "");
        Assert.Equal("499", await host.ReadLineAsync());
        var numbers = folder.FilesIn("begun").Where(name => name != "go").Select(name => int.Parse(name, CultureInfo.InvariantCulture));
        Assert.InRange(numbers.Max(), 499, 499 + 64 + 64);
    }

    [Fact]
    public async Task A_stopped_job_keeps_what_was_finished_behind_an_unfinished_item()
    {
        var lines = await Script.RunAsync("""
            $job = 1..3 | Start-WorkerPool -Count 2 -KeepOrder { if ($_ -eq 1) { Start-Sleep 600 }; $_ }
            for ($i = 0; $i -lt 2000 -and (Get-WorkerPool $job.Name).ItemsDone -lt 2; $i++) { Start-Sleep -Milliseconds 10 }
            $job.Output.Count
            $job | Stop-Job
            ($job | Receive-Job) -join ','
            """);
        Assert.Equal(["0", "2,3"], lines);
    }
}
