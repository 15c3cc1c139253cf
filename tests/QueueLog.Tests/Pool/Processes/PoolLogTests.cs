using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool.Processes;

/// <summary>What a pool tells of its workers and items.</summary>
public sealed class PoolLogTests
{
    [Fact]
    public async Task A_death_is_an_error_where_it_takes_an_item_and_a_warning_otherwise_and_a_kill_is_told_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var (output, log) = await PoolScript.RunAsync(
            """
            $null = Start-WorkerPool -Count 1 -Name warm
            $first, $second = 1..3 | Invoke-WorkerPool -Name warm { if ($_ -eq 2) { [Environment]::Exit(9) }; $PID } -ErrorAction SilentlyContinue
            [Diagnostics.Process]::GetProcessById($second).Kill()
            while ((Get-WorkerPool warm).Workers[0].Pid -eq $second) { Start-Sleep -Milliseconds 5 }
            $third = 1..2 | Invoke-WorkerPool -Name warm { $PID; [Threading.Thread]::Sleep(-1) } | Select-Object -First 1
            $null = 1 | Invoke-WorkerPool -Name warm { $PID }
            Stop-WorkerPool warm
            $first, $second, $third
            """,
            level: "Warning");
        Assert.Equal(3, output.Distinct().Count());
        Assert.Equal(
            [
                $"Worker-1|1|1|Error|QueueLog.Pool|Worker-1 (process {output[0]}) died: it ended with exit code 9 at item 1, '2'[]",
                "Worker-1|1|1|Warning|QueueLog.Pool|item 1, '2', failed: its worker died[]",
                $"Worker-1|||Warning|QueueLog.Pool|Worker-1 (process {output[1]}) died: it was ended by signal 9 (SIGKILL)[]",
                $"Worker-1|||Warning|QueueLog.Pool|Worker-1 (process {output[2]}) was killed: it did not give up its item[]",
            ],
            log.Where(line => line.Contains("QueueLog.Pool", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_event_has_its_record()
    {
        using var folder = new TempFolder();
        var listener = TestListener.Start(folder.Combine("run.log"), options => options);
        await using (listener)
        {
            var item = new WorkItem(3, "x", []);
            var log = new PoolLog(listener.Address, "P", static input => $"{input}");
            var options = new RunOptions { ItemTimeout = TimeSpan.FromSeconds(1.5) };
            var end = new ItemEnd(item, ItemStatus.TimedOut, 1, IsFinal: false) { Worker = "Worker-1", Delay = TimeSpan.FromSeconds(2) };
            log.WorkerKilled("Worker-1", 77, "its item took too long");
            log.WorkerEnded("Worker-1", new WorkerDeath(77, 137, []), [end], isAsked: false, isInStreams: false);
            log.WriteEnds(options, [end]);
            log.WorkerRecycled("Worker-2", 78, 100);
            log.Halted("3 items failed");
            await log.CloseAsync().WaitAsync(TestTimeout.Limit);
        }

        Assert.Equal(
            [
                "Worker-1 (process 77) was killed: its item took too long",
                "Worker-1 (process 77) ended",
                "item 3, 'x', took longer than 1.5 s",
                "item 3, 'x', will be run again, as attempt 2, in 2 s",
                "Worker-2 (process 78) is replaced after 100 items",
                "pool P halted: 3 items failed",
            ],
            File.ReadAllLines(folder.Combine("run.log")));
    }

    [Fact]
    public async Task A_log_that_is_behind_holds_up_no_event_and_what_is_left_out_is_told()
    {
        using var folder = new TempFolder();
        using var gate = new GateSink();
        var listener = TestListener.Start(folder.Combine("run.log"), options => options, gate);
        await using (listener)
        {
            // More than the ring and the queue hold together; none of the calls may wait for the gate.
            var log = new PoolLog(listener.Address, "P", static input => $"{input}");
            var reason = new string('x', 1000);
            await Task.Run(() =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    log.Halted(reason);
                }
            }).WaitAsync(TestTimeout.Limit);
            await log.CloseAsync().WaitAsync(TestTimeout.Limit);
            gate.Open();
            await Eventually.TrueAsync(() => folder.Read("run.log").Contains("were left out because the log was behind", StringComparison.Ordinal), "the log tells of what was left out");
        }

        var lines = File.ReadAllLines(folder.Combine("run.log"));
        var leftOut = lines.Where(line => line.EndsWith("behind", StringComparison.Ordinal)).Sum(line => int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(10_000, leftOut + lines.Count(line => line.StartsWith("pool P halted", StringComparison.Ordinal)));
        Assert.True(leftOut > 0);
    }
}
