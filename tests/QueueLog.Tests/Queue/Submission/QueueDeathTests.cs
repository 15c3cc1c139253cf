using System.Globalization;
using QueueLog.Pool;
using QueueLog.Pool.Scheduling;
using QueueLog.Queue.Hosts;
using QueueLog.Queue.Submission;
using QueueLog.Records;
using QueueLog.Tests.Support;
using static QueueLog.Tests.Queue.Submission.QueueStage;

namespace QueueLog.Tests.Queue.Submission;

/// <summary>Hosts, submitters and servers that die, or stand still, while a run goes on.</summary>
public sealed class QueueDeathTests
{
    private const int Count = 80;

    // How often the server is killed: more often in a long run, see CONTRIBUTING.md.
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("QUEUELOG_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var chosen) ? chosen : 5;
    private static readonly long[] All = [.. Enumerable.Range(0, Count).Select(static i => (long)i)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_items_of_a_killed_host_have_crashed_or_are_tried_again_and_its_workers_end(int retries)
    {
        await using var stage = await StartAsync();
        var first = await stage.StartHostProcessAsync("web1");
        await stage.StartHostProcessAsync("web2");
        var (_, run) = await stage.BeginAsync(stage.Noting("$PID; [Threading.Thread]::Sleep(150)"), runOptions: new RunOptions { ReportsEnds = true, Retry = new RetryRule { Retries = retries } });
        AddAll(run, Count);
        var isKilled = false;
        var record = await ReadAsync(run, read =>
        {
            if (!isKilled && read.Ends.Count(static end => end.Worker.EndsWith("web1", StringComparison.Ordinal)) >= 4)
            {
                isKilled = true;
                first.Kill();
            }
        }).WaitAsync(TestTimeout.Limit);
        Assert.True(isKilled);
        Assert.Equal(All, record.Final);
        Assert.All(stage.Begun(), item => Assert.InRange(item.Value, 1, 1 + retries));
        var lost = record.Ends.Where(static end => end.Status == ItemStatus.Crashed).ToList();
        Assert.NotEmpty(lost);
        Assert.All(lost, end => Assert.Equal(("was on host web1, which was lost", retries == 0), (end.Death!.Describe(), end.IsFinal)));
        Assert.Equal(retries == 0 ? Count - lost.Count : Count, record.With(ItemStatus.Completed).Count());
        await OtherProcesses.AreGoneAsync(record.Outputs.Where(output => record.Ends.Exists(end => end.Item.Index == output.Index && end.Worker.EndsWith("web1", StringComparison.Ordinal))).Select(static output => (int)output.Value!).Distinct());
    }

    // One item says nothing that could be refused: the host asks by itself, stops both, and has its slots again. What the other gives late is refused. Two items then need
    // both slots, as each waits for the other.
    [Fact]
    public async Task A_host_that_stood_still_past_its_timeout_is_fenced_and_works_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No signal there stops a process.");
        await using var stage = await StartAsync();
        using var folder = new TempFolder();
        var first = await stage.StartHostProcessAsync("web1");
        var script = $$"""
            while ($i -lt 2) { [Threading.Thread]::Sleep(20); if ($i -eq 1 -and [IO.File]::Exists('{{folder.Combine("late")}}')) { $i } }
            if ($i -lt 4) { [IO.File]::Create("{{folder.Path}}/$i").Dispose(); while (-not [IO.File]::Exists("{{folder.Path}}/$(5 - $i)")) { [Threading.Thread]::Sleep(20) } }
            $i
            """;
        var (_, run) = await stage.BeginAsync(stage.Noting(script));
        run.Add(Item(0, 0));
        run.Add(Item(1, 1));
        var reading = ReadAsync(run);
        await Eventually.TrueAsync(() => stage.Begun().Count == 2, "both items have begun");
        Signals.Send("STOP", first.Pid);
        await Eventually.TrueAsync(() => run.Progress.Ended == 2, "the items are given up");
        File.WriteAllText(folder.Combine("late"), "");
        Signals.Send("CONT", first.Pid);
        for (var i = 2; i < 10; i++)
        {
            run.Add(Item(i, i));
        }

        run.CompleteAdding();
        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Equal([0, 1], record.With(ItemStatus.Crashed));
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], record.With(ItemStatus.Completed));
        Assert.Equal(10, record.Ends.Count);
        Assert.DoesNotContain(record.Outputs, static output => output.Index < 2);
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
    }

    [Fact]
    public async Task An_item_that_kills_its_host_costs_two_hosts_and_the_rest_goes_on()
    {
        await using var stage = await StartAsync();
        string[] names = ["web1", "web2", "web3"];
        foreach (var name in names)
        {
            await stage.StartHostProcessAsync(name, slots: 1);
        }

        var (_, run) = await stage.BeginAsync(
            stage.Noting("if ($i -eq 1) { (Get-Process -Id $PID).Parent.Kill(); Start-Sleep 600 }; [Threading.Thread]::Sleep(400); $i"),
            runOptions: new RunOptions { ReportsEnds = true, Retry = new RetryRule { Retries = 5 } });
        AddAll(run, 8);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], record.Final);
        Assert.Equal([1], record.With(ItemStatus.Crashed));
        var deaths = record.Ends.Where(static end => end.Status == ItemStatus.Crashed).ToList();
        Assert.Equal([(1, 1, false), (1, 2, true)], deaths.Select(static end => (end.Item.Index, end.Attempt, end.IsFinal)));
        Assert.Equal(2, deaths.Select(static end => end.Worker).Distinct().Count());
        Assert.Equal(2, stage.Begun()[1]);
    }

    [Fact]
    public async Task Work_that_the_server_does_not_deliver_is_published_again()
    {
        await using var stage = await StartAsync();
        var (_, run) = await stage.BeginAsync(stage.Noting("$i"), static pool => pool with { HostWait = TestTimeout.Limit, CandidateWait = TestTimeout.Limit });
        AddAll(run, 5);
        await Eventually.TrueAsync(() => ((QueueRun)run).Submission.OpenChunks.Count == 5, "the items are offered");
        await using var engine = await stage.Server.ConnectAsync(Quick);
        var seen = engine.OpenRun(((QueueRun)run).Name);
        while ((await seen.GetBacklogAsync(Cancellation)).Messages < 5)
        {
            Cancellation.ThrowIfCancellationRequested();
        }

        // A server that was killed has it, and gives it to no consumer; here it is gone altogether.
        await seen.PurgeWorkAsync(Cancellation);
        await stage.StartHostAsync("web1");
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Equal([0, 1, 2, 3, 4], record.With(ItemStatus.Completed));
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
    }

    [Fact]
    public async Task A_server_that_is_killed_again_and_again_loses_and_doubles_nothing()
    {
        var items = 300 * Rounds;
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        await stage.StartHostAsync("web2");
        var (_, run) = await stage.BeginAsync(stage.Noting("[Threading.Thread]::Sleep(8); $i"), static pool => pool with { HostTimeout = TimeSpan.FromSeconds(30) });
        AddAll(run, items);
        var reading = ReadAsync(run);
        for (var round = 0; round < Rounds; round++)
        {
            var before = run.Progress.Ended;
            await Eventually.TrueAsync(() => run.Progress.Ended >= Math.Min(before + 30, items) || reading.IsCompleted, "items end");
            stage.Server.Kill();
            await stage.Server.StartAsync();
        }

        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.Equal(Enumerable.Range(0, items).Select(static i => (long)i), record.With(ItemStatus.Completed));
        Assert.Equal(items, record.Ends.Count);
        Assert.Equal(items, record.Outputs.Count);
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
    }

    [Fact]
    public async Task A_worker_that_is_killed_costs_its_item_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var (_, run) = await stage.BeginAsync(stage.Noting("if ($i -eq 3) { [Diagnostics.Process]::GetCurrentProcess().Kill() }; $i"));
        AddAll(run, 8);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Equal([3], record.With(ItemStatus.Crashed));
        Assert.Contains("SIGKILL", record.Ends.Single(static end => end.Status == ItemStatus.Crashed).Death!.Describe());
        Assert.Equal(7, record.With(ItemStatus.Completed).Count());
    }

    // Whatever it has to say of its items: nobody is there to hear it.
    [Fact]
    public async Task A_host_that_is_told_to_stop_while_its_server_is_gone_stops()
    {
        await using var stage = await StartAsync();
        var host = await stage.StartHostAsync("web1");
        var (pool, run) = await stage.BeginAsync(stage.Noting("Start-Sleep 600"));
        AddAll(run, 2);
        await Eventually.TrueAsync(() => stage.Begun().Count == 2, "both items have begun");
        stage.Server.Kill();
        await host.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(TestTimeout.Limit);
        await pool.KillAsync().WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_name_is_one_hosts_until_that_is_dead()
    {
        await using var stage = await StartAsync();
        var first = await stage.StartHostProcessAsync("web1");
        var e = await Assert.ThrowsAsync<HostNameInUseException>(() => stage.StartHostAsync("web1"));
        Assert.Equal(("web1", first.Pid), (e.Name, e.Pid));
        first.Kill();
        await first.WaitUntilKilledAsync();
        var second = await stage.StartHostAsync("web1");
        Assert.Equal("web1", second.Entry.Host);
    }
}
