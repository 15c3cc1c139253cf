using System.Globalization;
using QueueLog.Pool;
using QueueLog.Pool.Scheduling;
using QueueLog.Queue;
using QueueLog.Queue.History;
using QueueLog.Queue.Submission;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;
using static QueueLog.Tests.Queue.Submission.QueueStage;

namespace QueueLog.Tests.Queue.Submission;

/// <summary>A submitter that goes on with what a killed one has left.</summary>
public sealed class QueueResumeTests
{
    private const int Count = 80;
    private static readonly long[] All = [.. Enumerable.Range(0, Count).Select(static i => (long)i)];

    [Fact]
    public async Task What_a_killed_submitter_had_offered_is_handed_over_by_the_next_and_nothing_is_begun_twice()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var script = stage.Noting("[Threading.Thread]::Sleep(100)");
        var first = stage.StartSubmitter(Count, [], script);
        var ended = new List<string>();
        while (ended.Count < 10)
        {
            ended.Add((await first.ReadLineAsync())!);
        }

        first.Kill();
        await first.WaitUntilKilledAsync();

        // What it had written before its death is in the pipe.
        while (await first.ReadLineAsync() is { } line)
        {
            ended.Add(line);
        }

        await Eventually.TrueAsync(() => stage.Begun().Count > ended.Count + 4, "the host goes on without a submitter");
        var second = stage.StartSubmitter(Count, ended.Select(static line => long.Parse(line.Split(' ')[0])), script);
        var rest = (await second.WaitUntilDoneAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("over ", rest[^1]);
        Assert.Equal(All.Select(static i => $"{i} Completed").Order(StringComparer.Ordinal), ended.Concat(rest[..^1]).Order(StringComparer.Ordinal));
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
        await using var engine = await stage.Server.ConnectAsync(Quick);
        Assert.Empty(await engine.GetRunsAsync(Cancellation));
    }

    [Fact]
    public async Task What_the_killed_submitter_did_not_have_is_run_before_the_input_of_the_next_is_at_its_end()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var script = stage.Noting("[Threading.Thread]::Sleep(100); $i");
        await LeaveAsync(stage, script);
        var (_, run) = await stage.BeginAsync(script, static pool => pool with { Resumes = true });
        run.Add(Item(0, 1000));
        var reading = ReadAsync(run);
        await Eventually.TrueAsync(() => stage.Begun().ContainsKey(1000), "the new item has begun");
        AddFormer(run);
        run.CompleteAdding();
        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.Equal(Enumerable.Range(0, Count + 1).Select(static i => (long)i), record.With(ItemStatus.Completed));
        Assert.Equal(Count + 1, record.Outputs.Count);
        Assert.Equal([.. All, 1000], stage.Begun().Keys.Order());
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
    }

    // It had stood still behind its last look at whose the run is.
    [Fact]
    public async Task What_a_former_submitter_publishes_late_is_not_begun()
    {
        await using var stage = await StartAsync();
        var (_, run) = await stage.BeginAsync(stage.Noting("$i"), static pool => pool with { HostWait = TestTimeout.Limit, CandidateWait = TestTimeout.Limit });
        run.Add(Item(0, 0));
        await Eventually.TrueAsync(() => ((QueueRun)run).Submission.OpenChunks.Count == 1, "the first item is offered");
        await using var engine = await stage.Server.ConnectAsync(Quick);
        var former = engine.OpenRun(((QueueRun)run).Name);
        var offer = await QueueCall.OfferAsync(former, "former-0", new ChunkOffer("former", [new OfferedItem(7, 1, 0, 0)]), Cancellation);
        await former.PublishWorkAsync("former-0", new WorkMessage("former", offer, [new ChunkItem(7, 1, Item(7, 7).Payload)]).Encode(), "former-0", Cancellation);
        run.Add(Item(1, 1));
        run.Add(Item(2, 2));
        run.CompleteAdding();

        // In the order of the queue, one after the other.
        await stage.StartHostAsync("web1", slots: 1);
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Equal([0, 1, 2], record.With(ItemStatus.Completed));
        Assert.Equal([0, 1, 2], stage.Begun().Keys.Order());
    }

    [Theory]
    [InlineData(HaltMode.Soon)]
    [InlineData(HaltMode.Now)]
    public async Task A_halt_before_the_input_has_ended_ends_the_run_and_each_item_is_told_once(HaltMode mode)
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var script = stage.Noting("[Threading.Thread]::Sleep(100); $i");
        var ended = await LeaveAsync(stage, script);
        var (_, run) = await stage.BeginAsync(script, static pool => pool with { Resumes = true });
        run.Add(Item(0, 1000));
        AddFormer(run);
        var reading = ReadAsync(run);
        await Eventually.TrueAsync(() => stage.Begun().ContainsKey(1000), "the new item has begun");
        run.Halt(mode);
        run.Add(Item(Count + 1, 1001));
        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.IsType<RunHalted>(run.Failure);
        Assert.Equal(Enumerable.Range(0, Count + 2).Select(static i => (long)i), record.Final);
        Assert.Contains(ended + 1, record.With(ItemStatus.Completed));
        Assert.Contains(Count + 1, record.Skipped);
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
    }

    [Fact]
    public async Task A_halt_before_it_is_known_what_was_left_loses_no_item_either()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No signal there stops a process.");
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var script = stage.Noting("[Threading.Thread]::Sleep(100); $i");
        var ended = await LeaveAsync(stage, script);
        var options = new QueuePoolOptions { Name = "P", Version = QueueStage.Version, Heartbeat = TimeSpan.FromSeconds(1), Resumes = true };
        var pool = await QueuePool.ConnectAsync(await stage.Server.ConnectAsync(Quick), options, Cancellation).WaitAsync(TestTimeout.Limit);
        stage.Server.Freeze();
        var run = pool.TryBegin(new WorkDefinition { Script = script, Location = "/" }, new RunOptions { ReportsEnds = true })!;
        run.Add(Item(0, 1000));
        AddFormer(run);
        run.Halt(HaltMode.Soon);
        run.Add(Item(Count + 1, 1001));
        stage.Server.Thaw();
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.IsType<RunHalted>(run.Failure);
        Assert.Equal(Enumerable.Range(0, Count + 2).Select(static i => (long)i), record.Final);
        Assert.Contains(ended + 1, record.With(ItemStatus.Completed));
        Assert.Contains(0, record.Skipped);
        Assert.Contains(Count + 1, record.Skipped);
        Assert.DoesNotContain(1000, stage.Begun().Keys);
    }

    // What its input would have asked for behind the halt was run: it is kept for the next.
    [Fact]
    public async Task What_was_left_and_not_asked_for_before_a_halt_is_handed_over_by_the_next()
    {
        await using var stage = await StartAsync();
        await stage.StartHostAsync("web1");
        var script = stage.Noting("[Threading.Thread]::Sleep(50); $i");
        await LeaveAsync(stage, script);
        var (pool, halted) = await stage.BeginAsync(script, static pool => pool with { Resumes = true });
        halted.Add(Item(0, 1000));
        await Eventually.TrueAsync(() => stage.Begun().ContainsKey(1000), "the new item has begun");
        halted.Halt(HaltMode.Soon);
        Assert.Equal([0], (await ReadAsync(halted).WaitAsync(TestTimeout.Limit)).With(ItemStatus.Completed));
        await pool.Completion.WaitAsync(TestTimeout.Limit);
        var (next, run) = await stage.BeginAsync(script, static pool => pool with { Resumes = true });
        AddFormer(run);
        run.CompleteAdding();
        var record = await ReadAsync(run).WaitAsync(TestTimeout.Limit);
        Assert.Equal(All.Select(static i => i + 1), record.With(ItemStatus.Completed));
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
        await next.Completion.WaitAsync(TestTimeout.Limit);
        await using var engine = await stage.Server.ConnectAsync(Quick);
        Assert.Empty(await engine.GetRunsAsync(Cancellation));
    }

    // Its items are the numbers below Count; one of them has ended.
    private static async Task<long> LeaveAsync(QueueStage stage, string script)
    {
        var submitter = stage.StartSubmitter(Count, [], script);
        var line = await submitter.ReadLineAsync();
        submitter.Kill();
        await submitter.WaitUntilKilledAsync();
        return long.Parse(line!.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static void AddFormer(IItemRun run)
    {
        for (var i = 0; i < Count; i++)
        {
            run.Add(Item(i + 1, i));
        }
    }
}
