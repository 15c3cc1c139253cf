using QueueLog.Pool;
using QueueLog.Pool.Scheduling;
using QueueLog.Pool.State;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool.State;

public sealed class RunStateTests
{
    private readonly RunState state = new(new RunOptions { ItemTimeout = TimeSpan.FromSeconds(1), ReportsEnds = true }, 1, TimeProvider.System);
    private readonly Worker worker = new(0);
    private int ended;

    [Fact]
    public void Items_told_to_stop_one_after_the_other_have_timed_out_however_late_their_ends_arrive()
    {
        var items = Hold(3);
        items[0].IsOverdue = items[1].IsOverdue = true;
        var ends = state.Apply(Frame((0, ItemOutcome.Stopped), (1, ItemOutcome.Failed), (2, ItemOutcome.Failed)), worker);
        Assert.Equal([ItemStatus.TimedOut, ItemStatus.TimedOut, ItemStatus.Failed], ends!.Select(end => end.Status));
    }

    [Fact]
    public void Of_what_goes_down_with_a_worker_only_the_item_that_was_overdue_has_timed_out()
    {
        var items = Hold(3);
        items[1].IsOverdue = true;
        var ends = state.EndProcess(worker, begun: ended + 2, new WorkerDeath(7, 137, []), isAsked: false, startedAt: 0);
        Assert.Equal([(0, ItemStatus.Crashed), (1, ItemStatus.TimedOut)], ends.Select(end => (end.Item.Index, end.Status)));
    }

    [Fact]
    public void An_item_that_cannot_be_sent_has_failed_and_counts_unless_the_run_was_halted()
    {
        var halting = new RunState(new RunOptions { Halt = new HaltRule { Mode = HaltMode.Soon, Failures = 2 } }, 1, TimeProvider.System);
        var reason = new InvalidOperationException();
        var end = halting.AddUnsendable(new WorkItem(0, 0, []), reason);
        Assert.Equal((ItemStatus.Failed, 0, true, reason), (end!.Status, end.Attempt, end.IsFinal, end.NotSent));
        Assert.False(halting.TryHalt());
        halting.AddUnsendable(new WorkItem(1, 1, []), reason);
        Assert.True(halting.TryHalt());
        Assert.Null(halting.AddUnsendable(new WorkItem(2, 2, []), reason));
        Assert.Equal((2L, 2L, 1L, 2L), (halting.Ended, halting.Failed, halting.SkippedCount, halting.Scheduler.Added));
    }

    /// <summary>Has the worker hold items numbered from 0. Quick ones before them make it one that gets several at a time.</summary>
    private WorkItem[] Hold(int count)
    {
        state.Scheduler.Up(0);
        for (var quick = 1; quick < count; quick *= 2)
        {
            Give(quick);
            state.Apply(Frame([.. Enumerable.Range(0, quick).Select(i => ((long)i, ItemOutcome.Completed))]), worker);
            ended += quick;
        }

        return Give(count);
    }

    private WorkItem[] Give(int count)
    {
        var items = Enumerable.Range(0, count).Select(i => new WorkItem(i, i, [])).ToArray();
        Array.ForEach(items, item => state.Add(item, -1));
        Assert.True(state.Scheduler.TryDequeue(0, []));
        Assert.Equal(count, state.Scheduler.HeldBy(0));
        return items;
    }

    private static ResultFrame Frame(params (long Index, ItemOutcome Outcome)[] ends)
    {
        var writer = new ByteWriter();
        Span<byte> body = stackalloc byte[WorkEntryCodec.EndedLength];
        foreach (var (index, outcome) in ends)
        {
            WorkEntryCodec.WriteEnded(body, outcome, 1, DateTime.UtcNow.Ticks, null);
            var start = WorkEntryCodec.BeginEntry(writer, WorkEntryKind.Ended, index);
            writer.WriteBytes(body);
            WorkEntryCodec.EndEntry(writer, start);
        }

        return ResultFrame.Read(writer.Written);
    }
}
