using System.Globalization;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool;

public sealed class WarmPoolTests
{
    [Fact]
    public async Task The_thread_pool_does_not_watch_the_workers_pipes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Whether a socket is one that never makes its reader wait stands in /proc.");
        var lines = await Script.RunAsync("""
            function Get-WatchedCount {
                $watched = 0
                foreach ($file in [IO.Directory]::GetFiles('/proc/self/fd')) {
                    $number = [IO.Path]::GetFileName($file)
                    $link = [IO.FileInfo]::new($file).LinkTarget
                    if ($link -and $link.StartsWith('socket:') -and [IO.File]::ReadAllText("/proc/self/fdinfo/$number") -match 'flags:\s*([0-7]+)') {
                        if ([Convert]::ToInt32($Matches[1], 8) -band 2048) { $watched++ }
                    }
                }
                $watched
            }
            $before = Get-WatchedCount
            $pool = Start-WorkerPool -Count 2
            0, 1 | Invoke-WorkerPool -Pool $pool { $_ } | Out-Null
            1 | Invoke-WorkerPool -Pool $pool { $_ }
            (Get-WatchedCount) - $before
            $pool | Stop-WorkerPool
            """);

        // The one at which new workers knock; pwsh itself has one at which debuggers do.
        Assert.Equal(["1", "1"], lines);
    }

    [Fact]
    public async Task Idle_workers_sleep()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "How often a thread wakes stands in /proc.");
        using var host = Script.Start("""
            $null = Start-WorkerPool -Count 2 -Name warm
            $null = 1..100 | Invoke-WorkerPool -Name warm { $_ }
            (Get-WorkerPool warm).Workers.Pid -join ' '
            Start-Sleep 600
            """);
        var pids = OtherProcesses.Parse((await host.ReadLineAsync())!);
        var wakes = Wakes();
        var since = TimeProvider.System.GetTimestamp();

        // Young code is compiled for some seconds; after that a second must pass in which next to nothing happens.
        await Eventually.TrueAsync(
            () =>
            {
                if (TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(1))
                {
                    return false;
                }

                var before = wakes;
                (wakes, since) = (Wakes(), TimeProvider.System.GetTimestamp());
                return wakes - before >= 0 && wakes - before <= 2 * pids.Length;
            },
            "both workers sleep for a second");

        long Wakes() => pids.SelectMany(pid => Directory.EnumerateDirectories($"/proc/{pid}/task"))
            .SelectMany(thread => ReadLines(Path.Combine(thread, "status")))
            .Where(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture));

        static string[] ReadLines(string path)
        {
            try
            {
                return File.ReadAllLines(path);
            }
            catch (IOException)
            {
                // The thread has just ended.
                return [];
            }
        }
    }

    [Fact]
    public async Task A_call_that_is_cut_short_costs_no_process_unless_its_code_does_not_stop()
    {
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Count 1 -Name warm
            $before = 1 | Invoke-WorkerPool -Name warm { $PID }
            foreach ($block in { $_; Start-Sleep 600 }, { $_; while ($true) { } }, { $_ }) {
                $null = 1..1000 | Invoke-WorkerPool -Name warm $block | Select-Object -First 1
                (1 | Invoke-WorkerPool -Name warm { $PID }) -eq $before
            }
            $null = 1..2 | Invoke-WorkerPool -Name warm { $_; [Threading.Thread]::Sleep(-1) } | Select-Object -First 1
            $after = 1 | Invoke-WorkerPool -Name warm { $PID }
            $after -gt 0 -and $after -ne $before
            """);
        Assert.Equal(["True", "True", "True", "True"], lines);
    }

    [Fact]
    public async Task A_worker_that_is_slow_to_hear_that_its_call_was_cut_short_is_not_taken_for_one_that_does_not_stop()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");

        // It stands still for longer than code may take to stop, as on a machine that has no time for it.
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Count 1 -Name warm
            $before = 1 | Invoke-WorkerPool -Name warm { $PID }
            $null = 1..2 | Invoke-WorkerPool -Name warm { $_; Start-Sleep 600 } | ForEach-Object { /bin/kill -STOP $before; $_ } | Select-Object -First 1
            Start-Sleep 4
            /bin/kill -CONT $before
            (1 | Invoke-WorkerPool -Name warm { $PID }) -eq $before
            """);
        Assert.Equal(["True"], lines);
    }

    [Fact]
    public async Task It_replaces_a_worker_that_dies_while_idle()
    {
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Count 1 -Name warm
            $before = 1 | Invoke-WorkerPool -Name warm { $PID }
            Stop-Process -Id $before -Force
            $after = 1 | Invoke-WorkerPool -Name warm { $PID } -ErrorAction SilentlyContinue
            if (-not $after) { $after = 1 | Invoke-WorkerPool -Name warm { $PID } }
            $after -ne $before
            """.Replace("Stop-Process -Id $before -Force", "[Diagnostics.Process]::GetProcessById($before).Kill()", StringComparison.Ordinal));
        Assert.Equal(["True"], lines);
    }

    // In a row of quick calls the pipe is read by the threads that wait for it, on both sides: these must still see its end, and
    // the reader's own thread what comes while an item is under way.
    [Fact]
    public async Task A_worker_that_dies_in_one_of_many_quick_calls_is_reported_and_replaced()
    {
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Count 1 -Name warm
            $sum = 0
            foreach ($round in 1..3) {
                foreach ($number in 1..50) { $sum += Invoke-WorkerPool -Name warm -InputObject $number { $_ } }
                Invoke-WorkerPool -Name warm -InputObject 1 { [Environment]::Exit(7) } -AsResult | ForEach-Object { "$($_.Status) $($_.ExitCode)" }
            }
            $sum
            """);
        Assert.Equal(["Crashed 7", "Crashed 7", "Crashed 7", "3825"], lines);
    }

    [Theory]
    [InlineData("results of an item it does not hold", "9, 0, 0, 0, 36, 1, 2, 3, 4, 5, 6, 7, 8")]
    [InlineData("a frame of no known type", "2, 0, 0, 0, 238, 1")]
    public async Task A_worker_that_sends_nonsense_in_one_of_many_quick_calls_is_replaced(string nonsense, string bytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the pipe in /proc.");

        // The item must be quick to say it: a caller reads for itself for 20 ms.
        var lines = await Script.RunAsync($$"""
            $null = Start-WorkerPool -Count 1 -Name warm -InitializationScript {
                $pipes = foreach ($entry in [IO.Directory]::GetFileSystemEntries('/proc/self/fd')) {
                    $file = [IO.FileInfo] $entry
                    if ($file.LinkTarget -like 'socket:*') {
                        [Net.Sockets.Socket]::new([Net.Sockets.SafeSocketHandle]::new([int] $file.Name, $false))
                    }
                }
                $pipes = @($pipes | Where-Object Connected)
            }
            $block = {
                $bytes = [byte[]]::new(0)
                if ($_ -lt 0) { $bytes = [byte[]] ({{bytes}}) }
                foreach ($pipe in $pipes) { $null = $pipe.Send($bytes) }
                if ($_ -lt 0) { Start-Sleep -Seconds 300 }
            }
            foreach ($round in 1..3) {
                foreach ($number in 1..50) { Invoke-WorkerPool -Name warm -InputObject $number $block }
                Invoke-WorkerPool -Name warm -InputObject -1 -AsResult $block | ForEach-Object { "$($_.Status)" }
            }
            Invoke-WorkerPool -Name warm -InputObject 1 { 'next' }
            """);
        Assert.True(lines is ["Crashed", "Crashed", "Crashed", "next"], $"after {nonsense}: {string.Join(", ", lines)}");
    }

    [Fact]
    public async Task An_item_after_many_quick_calls_is_stopped_without_the_end_of_its_worker_and_more_than_the_pool_holds_comes_back()
    {
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Count 1 -Name warm
            foreach ($round in 1..3) {
                foreach ($number in 1..50) { $before = Invoke-WorkerPool -Name warm -InputObject $number { $PID } }
                $result = Invoke-WorkerPool -Name warm -InputObject 1 -TimeoutSeconds 0.2 -GraceSeconds 120 { Start-Sleep 600 } -AsResult
                $after = Invoke-WorkerPool -Name warm -InputObject 1 { $PID }
                "$($result.Status) $($before -eq $after)"
            }

            # Many frames, each an event of its own, for a caller that reads them itself.
            foreach ($number in 1..50) { $null = Invoke-WorkerPool -Name warm -InputObject $number { $_ } }
            (Invoke-WorkerPool -Name warm -InputObject 1 { foreach ($number in 1..20000) { 'x' * 1000 } } | Measure-Object -Property Length -Sum).Sum
            """);
        Assert.Equal(["TimedOut True", "TimedOut True", "TimedOut True", "20000000"], lines);
    }
}
