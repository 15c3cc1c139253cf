using Microsoft.Extensions.Time.Testing;
using QueueLog.Queue.Hosts;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Hosts;

public sealed class HostSlotsTests
{
    private readonly FakeTimeProvider time = new();
    private readonly HostSlots slots;

    public HostSlotsTests()
    {
        slots = new HostSlots(2, time);
        slots.Release(Take(1));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Twice_as_many_chunks_are_taken_while_they_are_short()
    {
        Assert.Equal(4, slots.Room);
        var slot = Take(5);
        time.Advance(TimeSpan.FromSeconds(10));
        slots.Release(slot);
        Assert.Equal(2, slots.Room);
    }

    // A host that dies would be blamed on it, begun or not.
    [Fact]
    public async Task A_chunk_of_one_item_is_taken_when_there_is_a_worker_for_it_and_before_others()
    {
        var several = Take(2);
        var single = slots.TakeAsync(1, Cancellation);
        var other = slots.TakeAsync(2, Cancellation);
        Assert.False(single.IsCompleted || other.IsCompleted);
        Assert.Equal(1, slots.Room);
        slots.Release(several);
        Assert.Equal(1, (await single.WaitAsync(TestTimeout.Limit))!.Value.Items);
        Assert.Equal(2, (await other.WaitAsync(TestTimeout.Limit))!.Value.Items);
        Assert.Equal((2, 2), (slots.Taken, slots.Room));
    }

    [Fact]
    public async Task What_gets_no_slot_within_a_second_is_others_to_take()
    {
        Take(2);
        var single = slots.TakeAsync(1, Cancellation);
        for (var i = 0; i < 10; i++)
        {
            Assert.False(single.IsCompleted);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Null(await single.WaitAsync(TestTimeout.Limit));
        Assert.Equal((1, 3), (slots.Taken, slots.Room));
    }

    private TakenSlot Take(int items)
    {
        var taken = slots.TakeAsync(items, Cancellation);
        Assert.True(taken.IsCompletedSuccessfully);
        return taken.Result!.Value;
    }
}
