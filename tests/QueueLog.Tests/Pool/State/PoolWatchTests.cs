using System.Diagnostics;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Pool.State;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool.State;

public sealed class PoolWatchTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    private readonly TempFolder folder = new();
    private readonly SharedProgress progress;
    private readonly PoolState pool = new(new WorkerPoolOptions { Name = "pool", Count = 1, StaysWarm = true });
    private readonly ProcessState process;
    private readonly PoolRun run;
    private int begun;

    public PoolWatchTests()
    {
        progress = SharedProgress.Create(folder.Combine($"pool-{Guid.NewGuid():N}"), 1);
        run = pool.TryBegin(id => new PoolRun(pool, null!, new WorkDefinition { Id = id }, new RunOptions { ItemTimeout = Timeout, Grace = Timeout }, TimeProvider.System), out _)!;
        pool.Open(pool.Workers[0]);
        process = pool.TryAssign(pool.Workers[0], new WorkerProcess(new ProcessStartInfo(), "token", "mark"))!;
        pool.Connected(pool.Workers[0], process);
        Assert.False(pool.ComposeNext(pool.Workers[0], process));
    }

    public void Dispose()
    {
        progress.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void The_time_of_an_item_is_its_own_and_not_that_of_those_before_it()
    {
        Begin(0, ago: 3 * Timeout);
        End(0);
        Begin(1, ago: TimeSpan.Zero);
        Assert.Equal((null, 0), Look());
    }

    [Fact]
    public void An_item_is_told_to_stop_after_its_time_and_its_process_is_killed_once_after_the_grace()
    {
        Begin(0, ago: 1.5 * Timeout);
        Assert.Equal((0L, 0), Look());
        Assert.Equal((null, 0), Look());

        End(0);
        Begin(1, ago: 3 * Timeout);
        Assert.Equal((1L, 0), Look());
        Assert.Equal((null, 1), Look());
        Assert.Equal((null, 0), Look());
    }

    [Fact]
    public void A_process_that_is_being_killed_is_not_asked_to_give_up_its_run()
    {
        Begin(0, ago: 3 * Timeout);
        Assert.Equal((0L, 0), Look());
        Assert.Equal((null, 1), Look());
        Assert.Empty(pool.Close(run, null).All.OfType<AwaitCancellation>());
    }

    // Its worker would go on to the next: that is skipped, and told at once.
    [Fact]
    public void An_item_that_nobody_wants_any_more_is_told_to_stop_has_its_grace_and_what_waits_is_not_begun()
    {
        Begin(0, ago: 0.5 * Timeout);
        var waiting = new WorkItem(1, 1, []);
        pool.Add(run, waiting, -1);
        pool.Add(run, new WorkItem(2, 2, []), -1);
        var actions = pool.GiveUp(run, new HashSet<WorkItem> { run.State.Scheduler.Current(0)!, waiting });
        Assert.Equal(waiting, Assert.Single(Assert.IsType<ItemsSkipped>(Assert.Single(actions.All.OfType<PublishEvents>().Single().Events)).Items));
        Assert.Equal((0L, 0), Look());
        Assert.Equal((null, 0), Look());
        var end = Assert.Single(run.State.EndProcess(pool.Workers[0], 1, new WorkerDeath(0, null, []), isAsked: false, 0));
        Assert.Equal((0, ItemStatus.Stopped), (end.Item.Index, end.Status));
        Assert.Equal((null, 0), Look());
        Assert.Equal(1, run.State.Scheduler.Queued);
    }

    [Fact]
    public void Between_two_items_there_is_nothing_to_stop()
    {
        Begin(0, ago: 3 * Timeout);
        End(0);
        Assert.Equal((null, 0), Look());
    }

    private void Begin(int index, TimeSpan ago)
    {
        Assert.Single(pool.Add(run, new WorkItem(index, index, []), -1).All.OfType<SendFrames>());
        Assert.False(pool.ComposeNext(pool.Workers[0], process));
        Assert.True(progress.TryBegin(0, ++begun, Stopwatch.GetTimestamp() - (long)(ago.TotalSeconds * Stopwatch.Frequency)));
    }

    private void End(int index)
    {
        progress.End(0);
        Assert.NotNull(run.State.Scheduler.End(0, index, microseconds: 1_000_000));
    }

    /// <summary>The item that is told to stop, and how many processes are killed.</summary>
    private (long? Stopped, int Killed) Look()
    {
        Assert.NotNull(pool.Look(progress, out var actions));
        long? stopped = null;
        if (actions.All.OfType<SendFrames>().Any())
        {
            var sent = Assert.Single(process.Outgoing.Parts);
            Assert.True(FrameReader.TryRead(ref sent, ProtocolLimits.MaxFrameLength, out var frame, out _));
            Assert.Equal(FrameType.StopItem, frame.Type);
            stopped = WorkCodec.ReadStopItem(frame.Payload.Span);
            Assert.False(pool.ComposeNext(pool.Workers[0], process));
        }

        return (stopped, actions.All.OfType<KillProcess>().Count(kill => kill.Process == process));
    }
}
