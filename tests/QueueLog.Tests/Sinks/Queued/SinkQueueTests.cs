using QueueLog.Sinks.Queued;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.Queued;

public sealed class SinkQueueTests
{
    private static readonly byte[] Ten = new byte[10];

    private readonly object gate = new();
    private readonly List<string> taken = [];
    private readonly SemaphoreSlim allowed = new(0);
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public void Blocks_come_whole_and_in_order()
    {
        var queue = Queue();
        foreach (var length in new[] { 3, 1, 2 })
        {
            Assert.True(queue.TryAdd(new byte[length], length * 10));
        }

        allowed.Release(100);
        Assert.True(queue.Close(TestTimeout.Limit));
        Assert.Equal(["3 bytes, 30 entries", "1 bytes, 10 entries", "2 bytes, 20 entries"], taken);
        Assert.Equal(0, queue.Lost);
    }

    [Fact]
    public async Task What_waits_is_joined_whole_and_in_order_but_never_to_the_block_under_way()
    {
        var queue = new SinkQueue(Room(capacity: 1000, timeout: default) with { JoinUpTo = 25 }, Take);
        Assert.True(queue.TryAdd(Ten, 1));
        await reached.Task.WaitAsync(TestTimeout.Limit);
        foreach (var (length, entries) in new[] { (10, 2), (15, 3), (1, 4), (30, 5), (20, 6), (4, 7) })
        {
            Assert.True(queue.TryAdd(new byte[length], entries));
        }

        allowed.Release(100);
        Assert.True(queue.Close(TestTimeout.Limit));
        Assert.Equal(["10 bytes, 1 entries", "25 bytes, 5 entries", "1 bytes, 4 entries", "30 bytes, 5 entries", "24 bytes, 13 entries"], taken);
    }

    [Fact]
    public async Task What_was_joined_and_never_taken_is_counted()
    {
        var queue = new SinkQueue(Room(capacity: 1000, timeout: default) with { JoinUpTo = 25 }, Take);
        Assert.True(queue.TryAdd(Ten, 1));
        await reached.Task.WaitAsync(TestTimeout.Limit);
        Assert.True(queue.TryAdd(Ten, 2));
        Assert.True(queue.TryAdd(Ten, 3));
        Assert.False(queue.Close(TimeSpan.Zero));
        Assert.False(queue.GiveUp(TimeSpan.Zero));
        Assert.Equal(6, queue.Abandon(out _).Entries);
        allowed.Release(100);
    }

    [Fact]
    public async Task Without_a_timeout_a_full_queue_leaves_out_until_it_is_empty_and_tells_how_many()
    {
        var queue = Queue(capacity: 25);
        Assert.True(queue.TryAdd(Ten, 1));
        Assert.True(queue.TryAdd(Ten, 1));
        Assert.False(queue.IsBehind);
        Assert.False(queue.TryAdd(Ten, 1));
        Assert.True(queue.IsBehind);

        // There would be room for this one, but then it would stand where others are missing.
        allowed.Release();
        await Eventually.TrueAsync(() => Taken.Length == 1, "one is taken");
        Assert.False(queue.TryAdd(new byte[1], 5));
        Assert.True(queue.CountLostIfBehind());
        Assert.Equal(7, queue.Lost);

        allowed.Release(100);
        await Eventually.TrueAsync(() => !queue.IsBehind, "it has caught up");
        Assert.False(queue.CountLostIfBehind());
        Assert.True(queue.TryAdd(Ten, 1));
        Assert.True(queue.Close(TestTimeout.Limit));
        Assert.Equal(["10 bytes, 1 entries", "10 bytes, 1 entries", "7 left out", "10 bytes, 1 entries"], taken);
    }

    [Fact]
    public async Task With_a_timeout_a_full_queue_is_waited_for_and_loses_nothing()
    {
        var queue = Queue(capacity: 25, timeout: TestTimeout.Limit);
        var adding = Task.Run(() => Enumerable.Range(0, 20).All(_ => queue.TryAdd(Ten, 1)));
        for (var i = 0; i < 20; i++)
        {
            allowed.Release();
            await Eventually.TrueAsync(() => Taken.Length > i, "the next one is taken");
        }

        Assert.True(await adding.WaitAsync(TestTimeout.Limit));
        Assert.True(queue.Close(TestTimeout.Limit));
        Assert.Equal(20, taken.Count);
        Assert.Equal(0, queue.Lost);
    }

    [Fact]
    public void An_entry_longer_than_the_queue_has_room_when_it_is_alone()
    {
        var queue = Queue(capacity: 5);
        Assert.True(queue.TryAdd(Ten, 1));
        allowed.Release(100);
        Assert.True(queue.Close(TestTimeout.Limit));
        Assert.Equal(["10 bytes, 1 entries"], taken);
    }

    [Fact]
    public async Task A_sink_that_fails_is_not_waited_for()
    {
        var failed = new ManualResetEventSlim();
        var queue = new SinkQueue(Room(capacity: 15, timeout: TimeSpan.FromDays(1)), blocks =>
        {
            blocks.Next(out _, out _);
            blocks.Fail(new IOException("No space left on device"));
            failed.Set();
            while (blocks.Pause(TimeSpan.FromDays(1)))
            {
            }
        });
        Assert.True(queue.TryAdd(Ten, 1));
        Assert.True(failed.Wait(TestTimeout.Limit));
        Assert.True(queue.IsFailing);
        Assert.False(await Task.Run(() => queue.TryAdd(Ten, 1)).WaitAsync(TestTimeout.Limit));
        Assert.False(queue.Close(TimeSpan.Zero));
        Assert.True(queue.GiveUp(TestTimeout.Limit));
        Assert.Equal("No space left on device", queue.Abandon(out var untold).Cause!.Message);
        Assert.Equal(1, untold);
    }

    [Fact]
    public async Task Closing_waits_no_longer_than_it_is_told_and_giving_up_ends_the_taker_at_its_next_step()
    {
        var queue = Queue();
        Assert.True(queue.TryAdd(Ten, 2));
        Assert.True(queue.TryAdd(Ten, 3));
        await reached.Task.WaitAsync(TestTimeout.Limit);
        Assert.False(queue.Close(TimeSpan.Zero));
        Assert.False(queue.TryAdd(Ten, 1));
        Assert.False(queue.GiveUp(TimeSpan.Zero));
        allowed.Release(100);
        await Eventually.TrueAsync(() => queue.GiveUp(TimeSpan.Zero), "the taker has ended");
        Assert.Equal(["10 bytes, 2 entries"], taken);
        Assert.Equal(3, queue.Abandon(out _).Entries);
    }

    [Fact]
    public async Task Draining_waits_for_what_is_there_and_for_nothing_that_comes_later()
    {
        var queue = Queue();
        Assert.True(queue.TryAdd(Ten, 1));
        var draining = new Thread(() => queue.Drain(TestTimeout.Limit)) { IsBackground = true };
        draining.Start();
        await Eventually.TrueAsync(() => draining.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "it waits");
        allowed.Release();
        await Eventually.TrueAsync(() => Taken.Length == 1, "it is taken");
        Assert.True(queue.TryAdd(Ten, 1));
        Assert.True(draining.Join(TestTimeout.Limit / 2));
        Assert.Single(Taken);
        allowed.Release(100);
        queue.Close(TestTimeout.Limit);
    }

    private string[] Taken
    {
        get
        {
            lock (gate)
            {
                return [.. taken];
            }
        }
    }

    private static SinkQueueOptions Room(int capacity, TimeSpan timeout) =>
        new() { ThreadName = "test", Capacity = capacity, RoomTimeout = timeout };

    private SinkQueue Queue(int capacity = 1000, TimeSpan timeout = default) => new(Room(capacity, timeout), Take);

    private void Take(SinkQueue blocks)
    {
        while (blocks.Next(out var block, out var left))
        {
            if (left == 0)
            {
                reached.TrySetResult();
                allowed.Wait();
            }

            lock (gate)
            {
                taken.Add(left > 0 ? $"{left} left out" : $"{block.Length} bytes, {block.Entries} entries");
            }

            if (left == 0)
            {
                blocks.Remove();
            }
        }
    }
}
