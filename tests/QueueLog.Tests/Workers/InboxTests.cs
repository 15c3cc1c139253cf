using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;
using QueueLog.Workers.Child;

namespace QueueLog.Tests.Workers;

public sealed class InboxTests
{
    [Fact]
    public void Items_are_taken_in_order_over_several_frames()
    {
        var inbox = new Inbox();
        inbox.AddItems(Items(1, 10, 11));
        inbox.AddItems(Items(2, 12));
        Assert.True(inbox.HasMore);
        Assert.Equal((10, 1, 110), Take(inbox));
        Assert.Equal((11, 1, 111), Take(inbox));
        Assert.Equal((12, 2, 112), Take(inbox));
        Assert.False(inbox.HasMore);
    }

    [Fact]
    public void A_definition_comes_between_the_items_where_it_was_sent()
    {
        var inbox = new Inbox();
        inbox.AddItems(Items(1, 1));
        inbox.Add(new WorkDefinition { Id = 2 });
        inbox.AddItems(Items(2, 2));
        Assert.Equal(WorkKind.Item, inbox.Wait());
        Take(inbox);
        Assert.Equal(WorkKind.Definition, inbox.Wait());
        Assert.Equal(2, inbox.TakeDefinition().Id);
        Assert.Equal(WorkKind.Item, inbox.Wait());
    }

    [Fact]
    public async Task An_empty_inbox_waits_for_what_comes()
    {
        var inbox = new Inbox();
        var waiting = Task.Run(inbox.Wait);
        inbox.AddItems(Items(1, 1));
        Assert.Equal(WorkKind.Item, await waiting.WaitAsync(Patience.Limit));
    }

    [Fact]
    public void The_end_comes_after_what_was_sent_before_it()
    {
        var inbox = new Inbox();
        inbox.AddItems(Items(1, 1));
        inbox.End(discard: false);
        Assert.Equal(WorkKind.Item, inbox.Wait());
        Take(inbox);
        Assert.Equal(WorkKind.End, inbox.Wait());
    }

    [Fact]
    public async Task A_stop_comes_before_everything_and_wakes_a_waiting_worker()
    {
        var inbox = new Inbox();
        inbox.AddItems(Items(1, 1, 2));
        Take(inbox);
        inbox.End(discard: true);
        Assert.Equal(WorkKind.End, inbox.Wait());

        var empty = new Inbox();
        var waiting = Task.Run(empty.Wait);
        empty.End(discard: true);
        Assert.Equal(WorkKind.End, await waiting.WaitAsync(Patience.Limit));
    }

    [Fact]
    public async Task A_cancellation_comes_before_everything_and_counts_what_it_gives_up()
    {
        var inbox = new Inbox();
        inbox.AddItems(Items(1, 1, 2, 3));
        inbox.Add(new WorkDefinition { Id = 2 });
        inbox.AddItems(Items(2, 4));
        Take(inbox);
        inbox.Cancel();
        Assert.True(inbox.IsCancelled);
        Assert.Equal(WorkKind.Cancel, inbox.Wait());
        Assert.Equal(3, inbox.DiscardCancelled());
        Assert.False(inbox.IsCancelled);

        var waiting = Task.Run(inbox.Wait);
        inbox.AddItems(Items(3, 5));
        Assert.Equal(WorkKind.Item, await waiting.WaitAsync(Patience.Limit));
        Assert.Equal((5, 3, 105), Take(inbox));
    }

    [Fact]
    public void A_frame_cut_inside_an_item_is_refused()
    {
        var inbox = new Inbox();
        inbox.AddItems(Items(1, 1).AsSpan()[..^1]);
        Assert.Throws<ProtocolException>(() => Take(inbox));
    }

    [Fact]
    public void What_is_withdrawn_is_what_was_not_taken_and_definitions_stay()
    {
        var inbox = new Inbox();
        inbox.AddItems(Items(1, 4, 5, 6));
        Assert.Equal((4, 1, 104), Take(inbox));
        inbox.AddItems(Items(1, 7));
        inbox.Add(new WorkDefinition { Id = 2 });
        inbox.AddItems(Items(2, 8));
        inbox.Withdraw();
        Assert.Equal(WorkKind.Withdraw, inbox.Wait());
        Assert.Equal([5, 6, 7, 8], inbox.TakeWithdrawn());
        Assert.Equal(WorkKind.Definition, inbox.Wait());
        Assert.Equal(2, inbox.TakeDefinition().Id);
        Assert.False(inbox.HasMore);
        inbox.AddItems(Items(2, 9));
        Assert.Equal((9, 2, 109), Take(inbox));
    }

    private static (long Index, int Run, int Value) Take(Inbox inbox)
    {
        var value = inbox.TakeItem(out var index, out var attempt, out var run);
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
