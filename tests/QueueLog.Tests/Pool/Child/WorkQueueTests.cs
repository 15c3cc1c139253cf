using QueueLog.Pool.Child;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool.Child;

public sealed class WorkQueueTests
{
    [Fact]
    public void Items_are_taken_in_order_over_several_frames()
    {
        var queue = new WorkQueue();
        queue.AddItems(Items(1, 10, 11));
        queue.AddItems(Items(2, 12));
        Assert.True(queue.HasMore);
        Assert.Equal((10, 1, 110), Take(queue));
        Assert.Equal((11, 1, 111), Take(queue));
        Assert.Equal((12, 2, 112), Take(queue));
        Assert.False(queue.HasMore);
    }

    [Fact]
    public void A_definition_comes_between_the_items_where_it_was_sent()
    {
        var queue = new WorkQueue();
        queue.AddItems(Items(1, 1));
        queue.Add(new WorkDefinition { Id = 2 });
        queue.AddItems(Items(2, 2));
        Assert.Equal(WorkKind.Item, queue.Wait());
        Take(queue);
        Assert.Equal(WorkKind.Definition, queue.Wait());
        Assert.Equal(2, queue.DequeueDefinition().Id);
        Assert.Equal(WorkKind.Item, queue.Wait());
    }

    [Fact]
    public async Task An_empty_inbox_waits_for_what_comes()
    {
        var queue = new WorkQueue();
        var waiting = Task.Run(queue.Wait);
        queue.AddItems(Items(1, 1));
        Assert.Equal(WorkKind.Item, await waiting.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public void The_end_comes_after_what_was_sent_before_it()
    {
        var queue = new WorkQueue();
        queue.AddItems(Items(1, 1));
        queue.End(discard: false);
        Assert.Equal(WorkKind.Item, queue.Wait());
        Take(queue);
        Assert.Equal(WorkKind.End, queue.Wait());
    }

    [Fact]
    public async Task A_stop_comes_before_everything_and_wakes_a_waiting_worker()
    {
        var queue = new WorkQueue();
        queue.AddItems(Items(1, 1, 2));
        Take(queue);
        queue.End(discard: true);
        Assert.Equal(WorkKind.End, queue.Wait());

        var empty = new WorkQueue();
        var waiting = Task.Run(empty.Wait);
        empty.End(discard: true);
        Assert.Equal(WorkKind.End, await waiting.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task A_cancellation_comes_before_everything_and_counts_what_it_gives_up()
    {
        var queue = new WorkQueue();
        queue.AddItems(Items(1, 1, 2, 3));
        queue.Add(new WorkDefinition { Id = 2 });
        queue.AddItems(Items(2, 4));
        Take(queue);
        queue.Cancel();
        Assert.True(queue.IsCancelled);
        Assert.Equal(WorkKind.Cancel, queue.Wait());
        Assert.Equal(3, queue.DiscardCancelled());
        Assert.False(queue.IsCancelled);

        var waiting = Task.Run(queue.Wait);
        queue.AddItems(Items(3, 5));
        Assert.Equal(WorkKind.Item, await waiting.WaitAsync(TestTimeout.Limit));
        Assert.Equal((5, 3, 105), Take(queue));
    }

    [Fact]
    public void A_frame_cut_inside_an_item_is_refused()
    {
        var queue = new WorkQueue();
        queue.AddItems(Items(1, 1).AsMemory()[..^1]);
        Assert.Throws<ProtocolException>(() => Take(queue));
    }

    [Fact]
    public void What_is_withdrawn_is_what_was_not_taken_and_definitions_stay()
    {
        var queue = new WorkQueue();
        queue.AddItems(Items(1, 4, 5, 6));
        Assert.Equal((4, 1, 104), Take(queue));
        queue.AddItems(Items(1, 7));
        queue.Add(new WorkDefinition { Id = 2 });
        queue.AddItems(Items(2, 8));
        queue.Withdraw();
        Assert.Equal(WorkKind.Withdraw, queue.Wait());
        Assert.Equal([5, 6, 7, 8], queue.DequeueWithdrawn());
        Assert.Equal(WorkKind.Definition, queue.Wait());
        Assert.Equal(2, queue.DequeueDefinition().Id);
        Assert.False(queue.HasMore);
        queue.AddItems(Items(2, 9));
        Assert.Equal((9, 2, 109), Take(queue));
    }

    private static (long Index, int Run, int Value) Take(WorkQueue queue)
    {
        var value = queue.DequeueItem(out var index, out var attempt, out var run);
        Assert.Equal(1, attempt);
        return (index, run, value[0]);
    }

    private static byte[] Items(int run, params long[] indexes)
    {
        var writer = new ByteWriter();
        writer.WriteInt32(run);
        foreach (var index in indexes)
        {
            WorkCodec.WriteItem(writer, new WorkItem(index, null, [(byte)(100 + index)]));
        }

        return writer.Written.ToArray();
    }
}
