using Microsoft.Extensions.Time.Testing;
using QueueLog.Pool;
using QueueLog.Pool.Scheduling;
using QueueLog.Queue.History;
using QueueLog.Queue.Submission;
using QueueLog.Records;

namespace QueueLog.Tests.Queue.Submission;

public sealed class RunItemsTests
{
    private RunItems items = new(new RunOptions { RunTimeout = TimeSpan.FromHours(1), Retry = new RetryRule { Retries = 3 } }, new FakeTimeProvider());

    // The one that killed the host would cost the others of its chunk their next attempt, too.
    [Fact]
    public void Items_of_which_something_may_have_died_are_offered_each_alone()
    {
        Add(0, 1);
        End("c0", Offer("c0"), ItemStatus.Completed);
        Add(1, 10);
        var lost = Offer("c1");
        Assert.Equal(10, lost.Count);
        Lose("c1");
        Add(11, 5);
        items.MoveDue();
        for (var i = 0; i < 10; i++)
        {
            Assert.Single(Offer($"again{i}"));
        }

        Assert.Equal(5, Offer("c2").Count);
    }

    [Fact]
    public void Items_that_failed_are_offered_together()
    {
        Add(0, 1);
        End("c0", Offer("c0"), ItemStatus.Completed);
        Add(1, 10);
        End("c1", Offer("c1"), ItemStatus.Failed);
        items.MoveDue();
        Assert.Equal(10, Offer("c2").Count);
    }

    // Where results are kept in order, what follows a slow item waits.
    [Fact]
    public void No_item_is_offered_that_is_too_far_ahead_of_the_first_that_has_not_ended()
    {
        items = new RunItems(new RunOptions { Window = 3 }, new FakeTimeProvider());
        Add(0, 8);
        var first = Offer("c0");
        var second = Offer("c1");
        Offer("c2");
        Assert.Empty(Offer("c3"));
        End("c1", second, ItemStatus.Completed);
        Assert.Empty(Offer("c4"));
        End("c0", first, ItemStatus.Completed);
        Assert.Equal([3, 4], Offer("c5").Select(static item => item.Id));
        Assert.Empty(Offer("c6"));
    }

    [Fact]
    public void Of_a_run_whose_time_is_over_it_is_told_which_items_nobody_knows_of()
    {
        Add(0, 1);
        End("c0", Offer("c0"), ItemStatus.Completed);
        Add(1, 1);
        Offer("c1");
        Add(2, 3);
        items.Halt(isTimedOut: true);
        Assert.Equal(new RunTimedOut(TimeSpan.FromHours(1), 1, 0, 3) { Unknown = 1 }, items.HaltedBy);
    }

    private void Add(int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            items.Add(new QueueItem(QueueStage.Item(i, i)));
        }
    }

    private List<QueueItem> Offer(string chunk)
    {
        var offered = items.DequeueChunk(slots: 1);
        items.Ledger.Own(chunk, 1, new ChunkOffer("s", [.. offered.Select(static item => item.Offered)]));
        return offered;
    }

    private void End(string chunk, List<QueueItem> ended, ItemStatus status)
    {
        foreach (var item in ended)
        {
            var (offered, fate) = items.Ledger.EndItem(chunk, item.Id, status, items.Rule)!.Value;
            items.Follow(item, offered, fate, "Worker-1@web1", new ReportedEnd(item.Id, status, 1) { Duration = TimeSpan.FromMilliseconds(1) });
        }
    }

    private void Lose(string chunk)
    {
        items.Ledger.Apply(chunk, 2, new ChunkClaim("web1", "life1", 1));
        foreach (var (offered, fate) in items.Ledger.GiveUp(chunk, items.Rule))
        {
            items.Follow(items.Find(offered.Index)!, offered, fate, "web1", null);
        }
    }
}
