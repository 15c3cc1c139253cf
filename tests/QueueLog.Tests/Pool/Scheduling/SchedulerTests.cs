using Microsoft.Extensions.Time.Testing;
using QueueLog.Pool.Scheduling;
using QueueLog.Records;

namespace QueueLog.Tests.Pool.Scheduling;

public sealed class SchedulerTests
{
    private const long Quick = 10;
    private const long Slow = 1_000_000;

    [Fact]
    public void A_worker_that_is_not_up_gets_nothing()
    {
        var scheduler = new Scheduler(1);
        scheduler.Add(Item(0));
        Assert.Empty(Take(scheduler, 0));
        scheduler.Up(0);
        Assert.Equal([0], Take(scheduler, 0));
    }

    [Fact]
    public void The_first_batch_of_each_worker_is_one_item()
    {
        var scheduler = With(workers: 2, items: 10);
        Assert.Equal([0], Take(scheduler, 0));
        Assert.Equal([1], Take(scheduler, 1));
        Assert.Empty(Take(scheduler, 0));
    }

    [Fact]
    public void Batches_double_while_items_are_quick_and_end_at_a_limit()
    {
        var scheduler = With(workers: 1, items: 5000);
        var sizes = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            var batch = Take(scheduler, 0);
            sizes.Add(batch.Count);
            EndAll(scheduler, 0, batch, Quick);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128], sizes[..8]);
        Assert.InRange(sizes[^1], 150, 256);
    }

    [Fact]
    public void One_slow_item_shrinks_the_batches_at_once()
    {
        var scheduler = With(workers: 1, items: 5000);
        for (var i = 0; i < 10; i++)
        {
            EndAll(scheduler, 0, Take(scheduler, 0), Quick);
        }

        EndAll(scheduler, 0, Take(scheduler, 0), Slow);
        Assert.Single(Take(scheduler, 0));
    }

    [Fact]
    public void A_worker_at_a_slow_item_gets_none_behind_it()
    {
        var scheduler = With(workers: 2, items: 10);
        EndAll(scheduler, 0, Take(scheduler, 0), Slow);
        Assert.Single(Take(scheduler, 0));
        Assert.Empty(Take(scheduler, 0));
    }

    [Fact]
    public void A_worker_at_quick_items_gets_its_next_batch_before_it_is_done()
    {
        var scheduler = With(workers: 1, items: 100);
        EndAll(scheduler, 0, Take(scheduler, 0), Quick);
        Assert.Equal([1, 2], Take(scheduler, 0));
        Assert.Equal([3, 4, 5, 6], Take(scheduler, 0));
        Assert.Empty(Take(scheduler, 0));
    }

    [Fact]
    public void Items_are_kept_for_workers_that_are_still_starting()
    {
        var scheduler = new Scheduler(4);
        scheduler.Up(0);
        for (var i = 0; i < 4; i++)
        {
            scheduler.Add(Item(i));
        }

        scheduler.CompleteAdding();
        EndAll(scheduler, 0, Take(scheduler, 0), Quick);
        Assert.Single(Take(scheduler, 0));
        Assert.Empty(Take(scheduler, 0));
    }

    [Fact]
    public void An_idle_worker_lets_short_items_gather_while_another_is_at_work()
    {
        var (scheduler, time) = Gathering();
        Assert.Empty(Take(scheduler, 1));
        Assert.True(scheduler.HasBegunGathering());
        Assert.False(scheduler.HasBegunGathering());
        Assert.Equal(TimeSpan.FromMilliseconds(10), scheduler.UntilDue());

        // A whole batch.
        scheduler.Add(Item(6));
        Assert.Equal([5, 6], Take(scheduler, 1));
        Assert.Null(scheduler.UntilDue());
        Assert.False(scheduler.HasBegunGathering());

        // The next begin to gather anew.
        EndAll(scheduler, 1, [5, 6], Quick);
        scheduler.Add(Item(7));
        time.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Empty(Take(scheduler, 1));
        Assert.True(scheduler.HasBegunGathering());
        time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Empty(Take(scheduler, 1));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.Zero, scheduler.UntilDue());
        Assert.Equal([7], Take(scheduler, 1));
    }

    [Fact]
    public void Short_items_gather_no_longer_when_nobody_is_at_work_or_no_more_come()
    {
        var (scheduler, _) = Gathering();
        Assert.Empty(Take(scheduler, 1));
        EndAll(scheduler, 0, [4], Quick);
        Assert.Equal([5], Take(scheduler, 1));

        (scheduler, _) = Gathering();
        Assert.Empty(Take(scheduler, 1));
        scheduler.CompleteAdding();
        Assert.Equal([5], Take(scheduler, 1));

        (scheduler, _) = Gathering();
        scheduler.Add(new WorkItem(6, "", new byte[300_000]));
        Assert.NotEmpty(Take(scheduler, 1));
    }

    [Fact]
    public void Towards_the_end_batches_get_smaller_so_that_all_finish_together()
    {
        var scheduler = With(workers: 2, items: 1000);
        for (var i = 0; i < 8; i++)
        {
            EndAll(scheduler, 0, Take(scheduler, 0), Quick);
        }

        scheduler.CompleteAdding();
        var last = int.MaxValue;
        while (!scheduler.IsDone)
        {
            var batch = Take(scheduler, 0);
            Assert.InRange(batch.Count, 1, Math.Max(last, 1));
            Assert.True(batch.Count <= Math.Max(1, (scheduler.Queued + batch.Count) / 4), $"{batch.Count} of {scheduler.Queued + batch.Count}");
            last = batch.Count;
            EndAll(scheduler, 0, batch, Quick);
        }

        Assert.Equal(1, last);
    }

    [Fact]
    public void The_input_is_wanted_only_as_far_as_the_workers_follow()
    {
        var scheduler = new Scheduler(3);
        var added = 0;
        while (scheduler.HasRoom)
        {
            scheduler.Add(Item(added++));
        }

        Assert.Equal(3, added);
    }

    [Fact]
    public void Large_items_fill_the_queue_by_their_size()
    {
        var scheduler = With(workers: 1, items: 600);
        for (var i = 0; i < 10; i++)
        {
            EndAll(scheduler, 0, Take(scheduler, 0), Quick);
        }

        while (Take(scheduler, 0).Count > 0)
        {
        }

        scheduler.Add(new WorkItem(1000, null, new byte[20_000_000]));
        Assert.False(scheduler.HasRoom);
    }

    [Fact]
    public void A_batch_of_large_items_is_cut_by_its_size()
    {
        var scheduler = With(workers: 1, items: 31);
        for (var i = 0; i < 5; i++)
        {
            EndAll(scheduler, 0, Take(scheduler, 0), Quick);
        }

        for (var i = 0; i < 100; i++)
        {
            scheduler.Add(new WorkItem(31 + i, null, new byte[100_000]));
        }

        Assert.Equal(3, Take(scheduler, 0).Count);
    }

    [Fact]
    public void An_item_for_one_worker_runs_there_and_nowhere_else()
    {
        var scheduler = new Scheduler(2);
        scheduler.Up(0);
        scheduler.Up(1);
        scheduler.AddFor(1, Item(0));
        scheduler.CompleteAdding();
        Assert.Empty(Take(scheduler, 0));
        Assert.False(scheduler.Needs(0));
        Assert.True(scheduler.Needs(1));
        Assert.Equal([0], Take(scheduler, 1));
        EndAll(scheduler, 1, [0], Quick);
        Assert.True(scheduler.IsDone);
    }

    [Fact]
    public void An_end_of_an_item_that_the_worker_does_not_hold_is_refused()
    {
        var scheduler = With(workers: 2, items: 2);
        Take(scheduler, 0);
        Assert.Null(scheduler.End(0, 1, Quick));
        Assert.Null(scheduler.End(1, 0, Quick));
        Assert.Equal(0, scheduler.End(0, 0, Quick)!.Index);
        Assert.Null(scheduler.End(0, 0, Quick));
    }

    [Theory]
    [InlineData(0, new long[0], new long[] { 1, 2 })]
    [InlineData(1, new long[0], new long[] { 1, 2 })]
    [InlineData(2, new long[] { 1 }, new long[] { 2 })]
    [InlineData(3, new long[] { 1, 2 }, new long[0])]
    public void Of_a_dead_worker_what_it_had_begun_is_lost_and_the_rest_goes_to_others(long begun, long[] lost, long[] again)
    {
        var scheduler = With(workers: 2, items: 4);
        EndAll(scheduler, 0, Take(scheduler, 0), Quick);
        Assert.Equal([1, 2], Take(scheduler, 0));

        var reported = new List<WorkItem>();
        scheduler.Down(0, begun, reported);
        Assert.Equal(lost, reported.Select(item => item.Index));

        // They were first, so they go first.
        var next = new List<long>();
        while (Take(scheduler, 1) is { Count: > 0 } batch)
        {
            next.AddRange(batch);
            EndAll(scheduler, 1, batch, Slow);
        }

        Assert.Equal([.. again, 3], next);
    }

    [Fact]
    public void A_replacement_starts_to_count_from_zero()
    {
        var scheduler = With(workers: 1, items: 3);
        EndAll(scheduler, 0, Take(scheduler, 0), Quick);
        Take(scheduler, 0);
        scheduler.Down(0, 2, []);
        Assert.Empty(Take(scheduler, 0));
        scheduler.Up(0);
        Assert.Equal([2], Take(scheduler, 0));
        var lost = new List<WorkItem>();
        scheduler.Down(0, 1, lost);
        Assert.Equal(2, Assert.Single(lost).Index);
    }

    [Fact]
    public void It_is_done_when_nothing_is_queued_or_held_and_nothing_will_follow()
    {
        var scheduler = With(workers: 1, items: 1);
        Assert.False(scheduler.IsDone);
        scheduler.CompleteAdding();
        Assert.False(scheduler.IsDone);
        Take(scheduler, 0);
        Assert.False(scheduler.IsDone);
        scheduler.End(0, 0, Quick);
        Assert.True(scheduler.IsDone);
    }

    [Fact]
    public void A_worker_is_needed_while_there_is_or_may_be_something_for_it()
    {
        var scheduler = With(workers: 1, items: 1);
        Take(scheduler, 0);
        Assert.True(scheduler.Needs(0));
        scheduler.CompleteAdding();
        Assert.False(scheduler.Needs(0));
    }

    [Fact]
    public void Every_item_is_handed_out_once_whatever_dies()
    {
        var random = new Random(1);
        var scheduler = With(workers: 4, items: 2000);
        scheduler.CompleteAdding();
        var held = Enumerable.Range(0, 4).Select(_ => new Queue<long>()).ToArray();
        var ended = new long[4];
        var seen = new List<long>();
        while (!scheduler.IsDone)
        {
            var worker = random.Next(4);
            foreach (var index in Take(scheduler, worker))
            {
                held[worker].Enqueue(index);
            }

            if (random.Next(20) == 0)
            {
                var begun = random.Next(held[worker].Count + 1);
                var lost = new List<WorkItem>();
                scheduler.Down(worker, ended[worker] + begun, lost);
                Assert.Equal(held[worker].Take(begun), lost.Select(item => item.Index));
                seen.AddRange(lost.Select(item => item.Index));
                held[worker].Clear();
                ended[worker] = 0;
                scheduler.Up(worker);
            }
            else if (held[worker].TryDequeue(out var index))
            {
                Assert.NotNull(scheduler.End(worker, index, random.Next(100)));
                seen.Add(index);
                ended[worker]++;
            }
        }

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => (long)i), seen.Order());
    }

    // Both workers know that items are short, one is at work, and one item waits.
    private static (Scheduler Scheduler, FakeTimeProvider Time) Gathering()
    {
        var time = new FakeTimeProvider();
        var scheduler = new Scheduler(2, time);
        scheduler.Up(0);
        scheduler.Up(1);
        for (var i = 0; i < 4; i++)
        {
            scheduler.Add(Item(i));
            EndAll(scheduler, i % 2, Take(scheduler, i % 2), Quick);
        }

        scheduler.Add(Item(4));
        Assert.Equal([4], Take(scheduler, 0));
        scheduler.Add(Item(5));
        return (scheduler, time);
    }

    private static Scheduler With(int workers, int items)
    {
        var scheduler = new Scheduler(workers);
        for (var i = 0; i < workers; i++)
        {
            scheduler.Up(i);
        }

        for (var i = 0; i < items; i++)
        {
            scheduler.Add(Item(i));
        }

        return scheduler;
    }

    private static WorkItem Item(long index) => new(index, null, [1]);

    private static List<long> Take(Scheduler scheduler, int worker)
    {
        var batch = new List<WorkItem>();
        Assert.Equal(scheduler.TryDequeue(worker, batch), batch.Count > 0);
        return [.. batch.Select(item => item.Index)];
    }

    private static void EndAll(Scheduler scheduler, int worker, List<long> batch, long microseconds)
    {
        foreach (var index in batch)
        {
            Assert.NotNull(scheduler.End(worker, index, microseconds));
        }
    }
}
