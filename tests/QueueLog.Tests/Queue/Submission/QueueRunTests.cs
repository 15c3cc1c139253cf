using QueueLog.Pool;
using QueueLog.Pool.Scheduling;
using QueueLog.Queue;
using QueueLog.Queue.Submission;
using QueueLog.Records;
using QueueLog.Tests.Support;
using static QueueLog.Tests.Queue.Submission.QueueStage;

namespace QueueLog.Tests.Queue.Submission;

public sealed class QueueRunTests
{
    // Beyond the end of any test.
    private static QueuePoolOptions Patient(QueuePoolOptions pool) => pool with { HostWait = 2 * TestTimeout.Limit };

    [Fact]
    public async Task Items_run_on_all_hosts_and_each_gives_its_results_and_ends_once()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        await stage.StartHostAsync("web2");
        var (pool, run) = await stage.BeginAsync("param($i) [Threading.Thread]::Sleep(5); $i * 2");
        AddAll(run, 300);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        await pool.Completion.WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.False(run.WasStopped);
        Assert.Equal(Enumerable.Range(0, 300).Select(static i => ((long)i, (object?)(i * 2))), record.Outputs.OrderBy(static output => output.Index));
        Assert.Equal(Enumerable.Range(0, 300).Select(static i => (long)i), record.With(ItemStatus.Completed));
        Assert.Equal(300, record.Ends.Count);
        Assert.Equal(["web1", "web2"], record.Ends.Select(static end => end.Worker[(end.Worker.IndexOf('@') + 1)..]).Distinct().Order());
        await using var engine = await stage.Server.ConnectAsync(Quick);
        Assert.Empty(await engine.GetRunsAsync(Cancellation));
        Assert.Empty(await engine.Runs.GetKeysAsync(Cancellation));
    }

    [Fact]
    public async Task A_failed_item_is_tried_again_as_often_as_allowed_and_its_attempts_are_told()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var (_, run) = await stage.BeginAsync("param($i) if ($i -eq 1) { throw 'no' }; $i", runOptions: new RunOptions { ReportsEnds = true, Retry = new RetryRule { Retries = 2 } });
        AddAll(run, 3);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Equal([(1, false), (2, false), (3, true)], record.Ends.Where(static end => end.Item.Index == 1).Select(static end => (end.Attempt, end.IsFinal)));
        Assert.Equal([0, 1, 2], record.Final);
        Assert.Equal([1], record.With(ItemStatus.Failed));
        Assert.Equal(["no", "no", "no"], record.Errors);
        Assert.Equal(2, run.Progress.Retried);
    }

    [Fact]
    public async Task A_poison_item_costs_two_workers_and_the_rest_goes_on()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var (_, run) = await stage.BeginAsync("param($i) if ($i -eq 1) { [Environment]::Exit(9) }; $i", runOptions: new RunOptions { ReportsEnds = true, Retry = new RetryRule { Retries = 5 } });
        AddAll(run, 5);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Equal([0, 1, 2, 3, 4], record.Final);
        Assert.Equal([0, 2, 3, 4], record.With(ItemStatus.Completed));
        var deaths = record.Ends.Where(static end => end.Item.Index == 1).ToList();
        Assert.Equal(2, deaths.Count);
        Assert.All(deaths, static end => Assert.Equal((ItemStatus.Crashed, 9), (end.Status, end.Death!.ExitCode)));
    }

    [Fact]
    public async Task An_item_that_takes_too_long_is_stopped()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var (_, run) = await stage.BeginAsync("param($i) if ($i -eq 1) { Start-Sleep 600 }; $i", runOptions: new RunOptions { ReportsEnds = true, ItemTimeout = TimeSpan.FromSeconds(1) });
        AddAll(run, 3);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Equal([1], record.With(ItemStatus.TimedOut));
        Assert.Equal([0, 2], record.With(ItemStatus.Completed));
    }

    [Fact]
    public async Task An_item_under_way_that_is_asked_to_stop_ends_as_stopped_and_the_run_goes_on()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        await stage.StartHostAsync("web2");
        var (_, run) = await stage.BeginAsync(stage.Noting("if ($i -lt 2) { Start-Sleep 600 }; $i"));
        run.Add(Item(0, 0));
        run.Add(Item(1, 1));
        var reading = ReadAsync(run);
        await Eventually.TrueAsync(() => stage.Begun().Count == 2, "both items have begun");
        run.TryStop(1);
        run.TryStop(0);
        run.Add(Item(2, 2));
        run.CompleteAdding();
        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.Equal([0, 1], record.With(ItemStatus.Stopped));
        Assert.Equal([2], record.With(ItemStatus.Completed));
    }

    [Theory]
    [InlineData(HaltMode.Soon)]
    [InlineData(HaltMode.Now)]
    public async Task A_halted_run_begins_no_other_items_and_says_which(HaltMode mode)
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var (_, run) = await stage.BeginAsync(
            "param($i) if ($i -eq 0) { throw 'no' }; if ($i -eq 1) { Start-Sleep 3; 'done' }; [Threading.Thread]::Sleep(20); $i",
            runOptions: new RunOptions { ReportsEnds = true, Halt = new HaltRule { Mode = mode } });
        AddAll(run, 500);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.IsType<RunHalted>(run.Failure);
        Assert.Equal(Enumerable.Range(0, 500).Select(static i => (long)i), record.Final);
        Assert.True(record.Skipped.Count > 300);
    }

    [Fact]
    public async Task A_stopped_run_ends_at_once_for_its_reader_and_its_hosts_give_it_up()
    {
        await using var stage = await StartAsync();
        var host = await stage.StartHostAsync("web1");
        var (pool, run) = await stage.BeginAsync("param($i) 'begun'; Start-Sleep 600");
        AddAll(run, 3);
        Assert.True(await run.Events.WaitToReadAsync(Cancellation).AsTask().WaitAsync(TestTimeout.Limit));
        await pool.StopAsync().WaitAsync(TestTimeout.Limit);
        Assert.True(run.WasStopped);
        await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        await Eventually.TrueAsync(() => host.Entry is { Busy: 0, Runs.Length: 0 }, "the host has nothing left to do");
    }

    [Fact]
    public async Task Items_and_results_beyond_the_size_of_a_message_get_through()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var (_, run) = await stage.BeginAsync("param($text) $text; 'x' * 3MB");
        var text = new string('y', 2_000_000);
        run.Add(Item(0, text));
        run.Add(Item(1, "small"));
        run.CompleteAdding();
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Equal([0, 1], record.With(ItemStatus.Completed));
        var outputs = record.Outputs.OrderBy(static output => output.Index).Select(static output => (string)output.Value!).ToList();
        Assert.Equal(text, outputs[0]);
        Assert.Equal("small", outputs[2]);
        Assert.All([outputs[1], outputs[3]], static output => Assert.Equal(3 * 1024 * 1024, output.Length));
    }

    [Fact]
    public async Task What_an_item_writes_is_there_while_it_still_runs()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var (pool, run) = await stage.BeginAsync("param($i) 'first'; Start-Sleep 600");
        AddAll(run, 1);
        var results = Assert.IsType<WorkResults>(await run.Events.ReadAsync(Cancellation).AsTask().WaitAsync(TestTimeout.Limit));
        Assert.Equal("Worker-1@web1", results.Worker);
        await pool.KillAsync().WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task Without_a_host_the_run_fails_with_the_reason_of_each()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1", change: static host => host with { Version = new Version(1, 3, 0) });
        await stage.StartHostAsync("db1");
        var (_, run) = await stage.BeginAsync("1", static pool => Patient(pool) with { On = ["web*"] });
        AddAll(run, 1);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        var failure = Assert.IsType<NoHostTakesPart>(run.Failure);
        Assert.Equal(["db1", "web1"], failure.Hosts.Select(static host => host.Run));
        Assert.Contains("-On web*", failure.Hosts[0].Reason);
        Assert.Contains("1.2.3, and the host has 1.3.0", failure.Hosts[1].Reason);
        Assert.Empty(record.Ends);
    }

    [Fact]
    public async Task Without_any_host_the_run_fails_before_the_time_that_hosts_have_to_prepare()
    {
        await using var stage = await StartAsync();
        var (_, run) = await stage.BeginAsync("1", Patient);
        AddAll(run, 1);
        await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Empty(Assert.IsType<NoHostTakesPart>(run.Failure).Hosts);
    }

    [Fact]
    public async Task A_host_that_starts_three_seconds_after_the_run_serves_it()
    {
        await using var stage = await StartAsync();
        var (_, run) = await stage.BeginAsync("param($i) $i", static pool => Patient(pool) with { CandidateWait = TimeSpan.FromSeconds(15) });
        AddAll(run, 3);

        // The subject itself: nobody is there for so long.
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        await stage.StartHostAsync("web1");
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.Equal([0, 1, 2], record.With(ItemStatus.Completed));
    }

    [Fact]
    public async Task A_host_that_cannot_prepare_its_workers_claims_nothing_and_says_why()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var (_, run) = await stage.BeginAsync("this is { no script", Patient);
        AddAll(run, 3);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        var failure = Assert.IsType<NoHostTakesPart>(run.Failure);
        Assert.Contains("PreparationFailed", Assert.Single(failure.Hosts).Reason);
        Assert.Empty(record.Ends);
    }

    [Fact]
    public async Task A_host_that_stops_finishes_what_it_can_and_gives_the_rest_back()
    {
        await using var stage = await StartAsync();
        using var folder = new TempFolder();
        var first = await stage.StartHostAsync("web1");
        var (_, run) = await stage.BeginAsync($"param($i) if ($i -eq 0) {{ [IO.File]::WriteAllText('{folder.Combine("begun")}', ''); Start-Sleep 600 }}; [Threading.Thread]::Sleep(100); $i");
        AddAll(run, 100);
        var reading = ReadAsync(run);

        // It would wait for good on the host that stays.
        await Eventually.TrueAsync(() => run.Progress.Ended >= 5 && File.Exists(folder.Combine("begun")), "some items have ended, and one has begun that does not end");
        await stage.StartHostAsync("web2");
        await first.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(TestTimeout.Limit);
        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => (long)i), record.Final);
        Assert.Equal([0], record.With(ItemStatus.Crashed));
        Assert.Contains("was stopped together with the host web1", record.Ends.Single(static end => end.Status == ItemStatus.Crashed).Death!.Describe());
        Assert.Equal(99, record.With(ItemStatus.Completed).Count());
        Assert.Equal(99, record.Outputs.Count(static output => output.Value is int));
    }

    // Four chunks for each place and 64 beside them; then those that were being published, of which there are eight at once.
    [Fact]
    public async Task A_submitter_that_floods_has_no_more_on_the_server_than_its_window()
    {
        const int window = 64 + (4 * 2);
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var (pool, run) = await stage.BeginAsync("param($i) Start-Sleep 600");
        AddAll(run, 100_000);
        Assert.False(run.HasRoom);
        await using var engine = await stage.Server.ConnectAsync(Quick);
        var seen = engine.OpenRun(((QueueRun)run).Name);
        await Eventually.TrueAsync(() => ((QueueRun)run).Submission.OpenChunks.Count >= window, "the window is full");
        for (var look = 0; look < 20; look++)
        {
            Assert.InRange((await seen.GetBacklogAsync(Cancellation)).Messages, 1, window + 8);
        }

        await pool.KillAsync().WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_run_whose_submitter_was_silent_for_a_week_is_removed_when_another_begins()
    {
        await using var stage = await QueueStage.StartAsync();
        await using var engine = await stage.Server.ConnectAsync(QueueStage.Quick);
        foreach (var (name, age) in new[] { ("old", 8), ("young", 6) })
        {
            await engine.CreateRunAsync(name, QueueStage.Cancellation);
            var entry = new RunEntry { Pool = name, Version = "1.2.3", Submitter = "s", Machine = "elsewhere", Alive = DateTimeOffset.UtcNow - TimeSpan.FromDays(age) };
            await engine.Runs.PutAsync(name, entry.Encode(), QueueStage.Cancellation);
        }

        var (pool, _) = await stage.BeginAsync("1");
        Assert.DoesNotContain("old", await engine.GetRunsAsync(QueueStage.Cancellation));
        Assert.Contains("young", await engine.GetRunsAsync(QueueStage.Cancellation));
        await pool.KillAsync().WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task Records_of_the_workers_come_into_the_submitters_log_before_the_run_is_over()
    {
        await using var stage = await StartAsync();
        using var folder = new TempFolder();
        await stage.StartHostAsync("web1");
        await stage.StartHostAsync("web2");
        await using var listener = TestListener.Start(folder.Combine("run.log"), static options => options);
        var (pool, run) = await stage.BeginAsync("param($i) Write-QueueLog 'this is {Item}' -ArgumentList $i", options => options with { ListenerAddress = listener.Address });
        AddAll(run, 100);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        await pool.Completion.WaitAsync(TestTimeout.Limit);
        Assert.Empty(record.Errors);
        Assert.Empty(((QueueRun)run).MissingLogs);
        await listener.StopAsync(TestTimeout.Limit);
        var items = File.ReadAllLines(folder.Combine("run.log")).Where(static line => line.StartsWith("this is ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => $"this is {i}").Order(StringComparer.Ordinal), items);
    }
}
