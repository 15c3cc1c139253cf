using System.Diagnostics;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Workers;

namespace QueueLog.Tests.Workers;

public sealed class PoolWatchTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    private readonly TempFolder folder = new();
    private readonly SharedProgress board;
    private readonly SlotList slots = new();
    private readonly WorkerProcess process = new(new ProcessStartInfo(), "token", "mark") { IsUp = true };
    private readonly PoolRun run;
    private int begun;

    public PoolWatchTests()
    {
        board = SharedProgress.Create(folder.Combine("pool"), 1);
        slots.Grow(1);
        slots.All[0].Process = process;
        var options = new RunOptions { ItemTimeout = Timeout, Grace = Timeout };
        run = new PoolRun(null!, new WorkDefinition(), options, new RunState(options, 1, TimeProvider.System));
        run.State.Scheduler.Up(0);
    }

    public void Dispose()
    {
        board.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void The_time_of_an_item_is_its_own_and_not_that_of_those_before_it()
    {
        Begin(0, ago: 3 * Timeout);
        End(0);
        Begin(1, ago: TimeSpan.Zero);
        Assert.Empty(Look());
        Assert.Equal(-1, process.MustStop);
    }

    [Fact]
    public void An_item_is_told_to_stop_after_its_time_and_its_process_is_killed_once_after_the_grace()
    {
        Begin(0, ago: 1.5 * Timeout);
        Assert.Empty(Look());
        Assert.Equal(0, process.MustStop);
        Assert.Empty(Look());

        End(0);
        Begin(1, ago: 3 * Timeout);
        Assert.Empty(Look());
        Assert.Equal([process], Look());
        Assert.Empty(Look());
    }

    [Fact]
    public void Between_two_items_there_is_nothing_to_stop()
    {
        Begin(0, ago: 3 * Timeout);
        End(0);
        Assert.Empty(Look());
        Assert.Equal(-1, process.MustStop);
    }

    private void Begin(int index, TimeSpan ago)
    {
        run.State.Add(new WorkItem(index, index, []), -1);
        Assert.True(run.State.Scheduler.TryTake(0, []));
        Assert.True(board.TryBegin(0, ++begun, Stopwatch.GetTimestamp() - (long)(ago.TotalSeconds * Stopwatch.Frequency)));
    }

    private void End(int index)
    {
        board.End(0);
        Assert.NotNull(run.State.Scheduler.End(0, index, microseconds: 1_000_000));
        process.MustStop = -1;
    }

    private IEnumerable<WorkerProcess> Look()
    {
        List<(string Worker, WorkerProcess Process)> overdue = [];
        Assert.NotNull(PoolWatch.Look(run, slots, board, new WorkerPoolOptions { Name = "pool" }, overdue));
        return overdue.Select(one => one.Process);
    }
}
