using System.Collections.Concurrent;
using QueueLog.Diagnostics;
using QueueLog.Nats;
using QueueLog.Pool;
using QueueLog.Queue;
using QueueLog.Queue.Submission;
using QueueLog.Reading;
using QueueLog.Reading.Checks;
using QueueLog.Records;
using QueueLog.Tests.Support;
using static QueueLog.Tests.Queue.Submission.QueueStage;

namespace QueueLog.Tests.Queue.Submission;

/// <summary>Connections that are slow or cut, and a server that stands still.</summary>
public sealed class QueueNetworkTests
{
    [Fact]
    public async Task Connections_that_are_slow_and_cut_again_and_again_lose_and_double_nothing()
    {
        const int items = 200;
        await using var stage = await StartAsync();
        using var folder = new TempFolder();
        var hostSide = stage.StartProxy(5, 50);
        var submitterSide = stage.StartProxy(5, 50);
        await stage.StartHostProcessAsync("web1", through: hostSide);
        await stage.StartHostProcessAsync("web2", through: hostSide);
        await using var listener = await StartListenerAsync(folder);

        // A connection may be away for longer than hosts are usually silent, and then no host is lost.
        var (_, run) = await stage.BeginAsync(
            stage.Noting("Write-QueueLog 'this is {Item}' -ArgumentList $i; [Threading.Thread]::Sleep(20); $i"),
            pool => pool with { ListenerAddress = listener.Address, HostTimeout = TestTimeout.Limit, EndTimeout = TestTimeout.Limit },
            through: submitterSide);
        AddAll(run, items);
        var reading = ReadAsync(run);
        for (var round = 0; round < 5; round++)
        {
            var before = run.Progress.Ended;
            await Eventually.TrueAsync(() => run.Progress.Ended >= Math.Min(before + 20, items) || reading.IsCompleted, "items end");
            hostSide.Cut();
            submitterSide.Cut();
        }

        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.InRange(hostSide.Cuts, 1, int.MaxValue);
        Assert.InRange(submitterSide.Cuts, 1, int.MaxValue);
        Assert.Equal(Enumerable.Range(0, items).Select(static i => (long)i), record.With(ItemStatus.Completed));
        Assert.Equal(items, record.Ends.Count);
        Assert.Equal(items, record.Outputs.Count);
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
        Assert.Empty(((QueueRun)run).MissingLogs);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.All(new LogCheck(folder.Combine("run.log"), new LogQuery()).Run(), static result => Assert.Equal(CheckStatus.Complete, result.Status));
        Assert.Equal(items, folder.ReadLines("run.log").Count(static line => line.Contains(" this is ", StringComparison.Ordinal)));
    }

    // Calls may wait for longer than the test, and hosts have all of it to say that they live: a run goes on because the server is back, not because a
    // time is over. Where connections stay, only the answers tell that it stood still; then what hosts send comes behind the first of these.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_stands_still_for_longer_than_the_timeout_of_hosts_makes_no_host_lost(bool isCut)
    {
        const int items = 20;
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No signal there stops a process.");
        await using var stage = await StartAsync();
        using var folder = new TempFolder();
        await using var listener = await StartListenerAsync(folder);
        var clock = new ShiftedClock();
        var queue = Quick with { Timeout = 2 * TestTimeout.Limit, Time = clock };
        var hostSide = stage.StartProxy(0, 0);
        var submitterSide = stage.StartProxy(0, 0);
        await stage.StartHostAsync("web1", through: hostSide, queue: queue);
        var (_, run) = await stage.BeginAsync(
            stage.Noting("[Threading.Thread]::Sleep(200); $i"),
            pool => pool with { ListenerAddress = listener.Address, HostTimeout = TestTimeout.Limit, Time = clock },
            through: submitterSide,
            queue: queue);
        AddAll(run, items);
        var reading = ReadAsync(run);
        await Eventually.TrueAsync(() => run.Progress.Ended >= 4, "items end");
        if (!isCut)
        {
            hostSide.Hold();
        }

        stage.Server.Freeze();
        await Eventually.TrueAsync(
            () =>
            {
                clock.Forward(TestTimeout.Limit);
                return folder.Read("run.log").Contains("waits: the server of the queue does not answer", StringComparison.Ordinal);
            },
            "it is said that the server is silent");
        if (isCut)
        {
            hostSide.Cut();
            submitterSide.Cut();
        }

        stage.Server.Thaw();
        await Eventually.TrueAsync(() => folder.Read("run.log").Contains("goes on: the server of the queue answers again, after ", StringComparison.Ordinal), "it is said that the server is back");

        // Two renewals of its entry later, the submitter has looked for lost hosts.
        await using (var engine = await stage.Server.ConnectAsync(Quick))
        {
            await engine.Runs.WatchAsync(Cancellation).ElementAtAsync(2, Cancellation).AsTask().WaitAsync(TestTimeout.Limit);
        }

        hostSide.Release();
        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, items).Select(static i => (long)i), record.With(ItemStatus.Completed));
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
        Assert.Empty(((QueueRun)run).MissingLogs);
    }

    [Fact]
    public async Task A_silent_server_is_told_of_although_questions_wait_for_their_answer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No signal there stops a process.");
        await using var stage = await StartAsync();
        using var folder = new TempFolder();
        await using var listener = await StartListenerAsync(folder);

        // Nobody takes the work, so that the run asks after it.
        var (_, run) = await stage.BeginAsync(
            "param($i) $i",
            pool => pool with { ListenerAddress = listener.Address, HostWait = TestTimeout.Limit, CandidateWait = TestTimeout.Limit },
            queue: Quick with { Timeout = 2 * TestTimeout.Limit });
        AddAll(run, 3);
        await Eventually.TrueAsync(() => ((QueueRun)run).Submission.OpenChunks.Any(static chunk => chunk.Submitted is not null), "items are offered");
        stage.Server.Freeze();
        await Eventually.TrueAsync(() => folder.Read("run.log").Contains("waits: the server of the queue does not answer", StringComparison.Ordinal), "it is said");
        stage.Server.Thaw();
        ((QueueRun)run).Kill();
        await ((QueueRun)run).Completion.WaitAsync(TestTimeout.Limit);
    }

    // Its file of keys is being replaced, say. The client would give up for good at the second refusal.
    [Fact]
    public async Task A_server_that_refuses_the_key_for_a_while_is_waited_for_and_that_is_said()
    {
        const int items = 20;
        await using var stage = await StartAsync();
        using var folder = new TempFolder();
        await using var listener = await StartListenerAsync(folder);
        var clock = new ShiftedClock();
        var queue = Quick with { Timeout = TimeSpan.FromSeconds(1), Time = clock };
        var told = new ConcurrentQueue<string>();
        var failures = new FailureLog();
        failures.Reported += failure => told.Enqueue(failure.Message);
        await stage.StartHostAsync("web1", change: host => host with { Failures = failures }, queue: queue);
        var (_, run) = await stage.BeginAsync(
            stage.Noting("[Threading.Thread]::Sleep(100); $i"),
            pool => pool with { ListenerAddress = listener.Address, HostTimeout = TestTimeout.Limit, Time = clock },
            queue: queue);
        AddAll(run, items);
        var reading = ReadAsync(run);
        await Eventually.TrueAsync(() => run.Progress.Ended >= 4, "items end");
        var known = new NatsQueueFactory().GetPublicKey(stage.Server.Link.Key!);
        var other = new NatsQueueFactory().CreateKey().PublicKey;
        stage.Server.Kill();
        stage.Server.Reconfigure(text => text.Replace(known, other, StringComparison.Ordinal));
        await stage.Server.StartAsync();
        await Eventually.TrueAsync(
            () =>
            {
                clock.Forward(TestTimeout.Limit);
                return folder.Read("run.log").Contains("waits: The server does not know the key of the link.", StringComparison.Ordinal)
                    && told.Contains("The host waits, and tries again: The server does not know the key of the link.");
            },
            "it is said that the server refuses the key");
        stage.Server.Kill();
        stage.Server.Reconfigure(text => text.Replace(other, known, StringComparison.Ordinal));
        await stage.Server.StartAsync();
        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.Equal(Enumerable.Range(0, items).Select(static i => (long)i), record.With(ItemStatus.Completed));
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
        Assert.Empty(((QueueRun)run).MissingLogs);
        await Eventually.TrueAsync(() => told.Contains("The host goes on: the server answers again."), "the host says that it goes on");
    }

    // One that goes on with another run does not know what that had run.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_ends_at_its_timeout_although_the_server_is_silent_from_its_beginning(bool isResumed)
    {
        var run = await RunWithoutServerAsync(new RunOptions { RunTimeout = TimeSpan.FromSeconds(1), Grace = TimeSpan.Zero }, static _ => Task.CompletedTask, isResumed);
        Assert.Equal(isResumed ? (0, 3) : (3, 0), Assert.IsType<RunTimedOut>(run.Failure) is var over ? (over.Skipped, over.Unknown) : default);
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends_although_the_server_is_silent()
    {
        var run = await RunWithoutServerAsync(new RunOptions { Grace = TimeSpan.Zero }, static pool => pool.StopAsync());
        Assert.True(run.WasStopped);
        Assert.Null(run.Failure);
    }

    [Fact]
    public async Task A_server_without_room_is_waited_for_and_that_is_said()
    {
        const int items = 8;
        await using var stage = await StartAsync();
        using var folder = new TempFolder();
        await using var listener = await StartListenerAsync(folder);
        var (_, run) = await stage.BeginAsync(
            "param($text) $text.Length",
            pool => pool with { ListenerAddress = listener.Address, HostWait = TestTimeout.Limit, CandidateWait = TestTimeout.Limit },
            queue: Quick with { MaxWorkBytes = 300_000 });
        for (var i = 0; i < items; i++)
        {
            run.Add(Item(i, new string((char)('a' + i), 200_000)));
        }

        run.CompleteAdding();
        await Eventually.TrueAsync(() => folder.Read("run.log").Contains("waits: the server of the queue has no room for more items: ", StringComparison.Ordinal), "it is said");
        await stage.StartHostAsync("web1");
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.Equal(Enumerable.Range(0, items).Select(static i => (long)i), record.With(ItemStatus.Completed));
    }

    // Its server stands still from before it is begun until it is over.
    private static async Task<IItemRun> RunWithoutServerAsync(RunOptions options, Func<QueuePool, Task> whileItRuns, bool isResumed = false)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No signal there stops a process.");
        await using var stage = await StartAsync();
        var engine = await stage.Server.ConnectAsync(Quick with { Timeout = TimeSpan.FromSeconds(1) });
        if (isResumed)
        {
            await engine.CreateRunAsync("left", Cancellation);
            await engine.Runs.PutAsync("left", new RunEntry { Pool = "P", Version = "1.2.3", Submitter = "former", Machine = Environment.MachineName, Alive = DateTimeOffset.UtcNow }.Encode(), Cancellation);
        }

        var clock = new ShiftedClock();
        var pool = await QueuePool.ConnectAsync(engine, new QueuePoolOptions { Name = "P", Version = QueueStage.Version, Heartbeat = TimeSpan.FromSeconds(1), Resumes = isResumed, Time = clock }, Cancellation);
        stage.Server.Freeze();
        var run = pool.TryBegin(new WorkDefinition { Script = "$args[0]", Location = "/" }, options)!;
        AddAll(run, 3);
        var ending = whileItRuns(pool);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Forward(TimeSpan.FromSeconds(1));
                return pool.Completion.IsCompleted;
            },
            "the run is over");
        await ending;
        await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        stage.Server.Thaw();
        return run;
    }
}
