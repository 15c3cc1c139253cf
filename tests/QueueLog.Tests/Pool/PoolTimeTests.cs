using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool;

/// <summary>Processes that are ended because an item takes too long.</summary>
public sealed class PoolTimeTests
{
    [Fact]
    public async Task A_native_child_ends_with_its_item()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Runs /bin/sleep.");

        // The child bears a name of its own, so that it is found wherever it hangs in the tree.
        using var folder = new TempFolder();
        var sleep = folder.Combine("sleep-" + Guid.NewGuid().ToString("N")[..8]);
        File.Copy("/bin/sleep", sleep);
        var lines = await Script.RunAsync($$"""
            $sleep = '{{sleep}}'
            $null = Start-WorkerPool -Count 1 -Name warm
            foreach ($work in
                { & $using:sleep 600 },
                { & $using:sleep 600; [Threading.Thread]::Sleep(-1) },
                { $null = [Diagnostics.Process]::Start($using:sleep, '600'); [Threading.Thread]::Sleep(-1) },
                { /bin/sh -c "$using:sleep 600 > /dev/null 2>&1 &"; [Threading.Thread]::Sleep(-1) }) {
                1 | Invoke-WorkerPool -Name warm -TimeoutSeconds 2 -GraceSeconds 0.3 $work -ErrorAction SilentlyContinue -ErrorVariable failed
                "$($failed.FullyQualifiedErrorId.Split(',')[0]) $(1 | Invoke-WorkerPool -Name warm { 'next' })"
            }
            """);
        Assert.Equal(Enumerable.Repeat("ItemTimedOut next", 4), lines);
        await Eventually.TrueAsync(() => !OtherProcesses.Exists(sleep), "the children are gone");
    }

    [Fact]
    public async Task A_kill_for_one_item_never_hits_another()
    {
        // Without grace every stop that is obeyed at once races with the kill. On a slow machine any item may take too long.
        var lines = await Script.RunAsync("""
            $results = 1..32 | Invoke-WorkerPool -Count 2 -AsResult -TimeoutSeconds 0.3 -GraceSeconds 0 { if ($_ % 4 -eq 0) { Start-Sleep -Seconds 600 }; $_ }
            $wrong = $results | Where-Object { $_.Status -notin 'TimedOut', $(if ($_.Input % 4) { 'Completed' }) } | ForEach-Object { "$($_.Input) $($_.Status)" }
            "$($results.Count) [$wrong]"
            """);
        Assert.Equal(["32 []"], lines);
    }
}
