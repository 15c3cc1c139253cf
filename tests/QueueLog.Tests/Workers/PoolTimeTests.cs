using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

/// <summary>Items that take too long.</summary>
public sealed class PoolTimeTests
{
    [Fact]
    public async Task An_item_that_takes_too_long_is_stopped_and_its_worker_goes_on()
    {
        var lines = await Script.RunAsync("""
            $errors = @()
            $results = 1..6 | Invoke-WorkerPool -Count 1 -TimeoutSeconds 1 { if ($_ -eq 3) { while ($true) { } }; $PID } -ErrorVariable errors -ErrorAction SilentlyContinue
            "$($results.Count) $(@($results | Sort-Object -Unique).Count)"
            "$($errors.Count) $($errors[0].FullyQualifiedErrorId.Split(',')[0]) $($errors[0].TargetObject) $($errors[0].CategoryInfo.Category)"
            $errors[0].Exception.Message
            """);
        Assert.Equal(["5 1", "1 ItemTimedOut 3 OperationTimeout"], lines[..2]);
        Assert.Matches(@"^Item 2, '3', took longer than it may\. Worker-1 \(process \d+\) stopped it\. Allow it more with -TimeoutSeconds", lines[2]);
    }

    [Fact]
    public async Task Code_that_does_not_stop_is_killed_with_its_process_and_another_takes_its_place()
    {
        var lines = await Script.RunAsync("""
            $errors = @()
            $results = 1..6 | Invoke-WorkerPool -Count 1 -TimeoutSeconds 1 -GraceSeconds 0.2 { if ($_ -eq 3) { [Threading.Thread]::Sleep(-1) }; $PID } -ErrorVariable errors -ErrorAction SilentlyContinue
            "$($results.Count) $(@($results | Sort-Object -Unique).Count)"
            "$($errors.Count) $($errors[0].FullyQualifiedErrorId.Split(',')[0]) $($errors[0].TargetObject)"
            $errors[0].Exception.Message
            """);
        Assert.Equal(["5 2", "1 ItemTimedOut 3"], lines[..2]);
        Assert.Contains("did not stop it and was killed with all it had started", lines[2]);
    }

    [Fact]
    public async Task What_an_item_says_before_it_is_stopped_comes_back()
    {
        var lines = await Script.RunAsync("""
            1 | Invoke-WorkerPool -Count 1 -TimeoutSeconds 1 -GraceSeconds 0.1 { 'said'; [Threading.Thread]::Sleep(-1) } -ErrorAction SilentlyContinue
            exit 0
            """);
        Assert.Equal(["said"], lines);
    }

    [Theory]
    [InlineData("& $using:sleep 600")]
    [InlineData("& $using:sleep 600; [Threading.Thread]::Sleep(-1)")]
    [InlineData("$null = [Diagnostics.Process]::Start($using:sleep, '600'); [Threading.Thread]::Sleep(-1)")]
    [InlineData("/bin/sh -c \"$using:sleep 600 > /dev/null 2>&1 &\"; [Threading.Thread]::Sleep(-1)")]
    public async Task A_native_child_ends_with_its_item(string work)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Runs /bin/sleep");

        // The child bears a name of its own, so that it is found wherever it hangs in the tree.
        using var folder = new TempFolder();
        var sleep = folder.Combine("sleep-" + Guid.NewGuid().ToString("N")[..8]);
        File.Copy("/bin/sleep", sleep);
        var lines = await Script.RunAsync($$"""
            $sleep = '{{sleep}}'
            1..2 | Invoke-WorkerPool -Count 1 -TimeoutSeconds 3 -GraceSeconds 0.3 { if ($_ -eq 1) { {{work}} }; 'next' } -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed.FullyQualifiedErrorId.Split(',')[0]
            """);
        Assert.Equal(["next", "ItemTimedOut"], lines);
        await Eventually.TrueAsync(() => !Processes.Exists(sleep), "the child is gone");
    }

    [Fact]
    public async Task A_kill_for_one_item_never_hits_another()
    {
        // Without grace every stop that is obeyed at once races with the kill.
        var lines = await Script.RunAsync("""
            $results = 1..60 | Invoke-WorkerPool -Count 2 -AsResult -TimeoutSeconds 0.3 -GraceSeconds 0 { if ($_ % 4 -eq 0) { Start-Sleep -Seconds 60 }; $_ }
            $wrong = $results | Where-Object { $_.Status -notin 'TimedOut', $(if ($_.Input % 4) { 'Completed' }) } | ForEach-Object { "$($_.Input) $($_.Status)" }
            "$($results.Count) [$wrong]"
            """);
        Assert.Equal(["60 []"], lines);
    }

    [Fact]
    public async Task The_time_is_an_items_own_and_not_that_of_those_before_it()
    {
        var lines = await Script.RunAsync("""
            (1..40 | Invoke-WorkerPool -Count 1 -TimeoutSeconds 1 { Start-Sleep -Milliseconds 50; $_ } | Measure-Object -Sum).Sum
            """);
        Assert.Equal(["820"], lines);
    }

    [Fact]
    public async Task A_warm_pools_call_has_its_own_time()
    {
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Count 1 -Name warm
            $first = 1 | Invoke-WorkerPool -Name warm { $PID }
            1, 2 | Invoke-WorkerPool -Name warm -TimeoutSeconds 0.5 { if ($_ -eq 1) { while ($true) { } }; $_ } -ErrorAction SilentlyContinue
            1 | Invoke-WorkerPool -Name warm { Start-Sleep -Milliseconds 800; $PID -eq $using:first }
            """);
        Assert.Equal(["2", "True"], lines);
    }
}
