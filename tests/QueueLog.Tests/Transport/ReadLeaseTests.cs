using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Transport;

// On Windows nobody reads for a reader, and it never stands aside.
public sealed class ReadLeaseTests
{
    private readonly ReadLease turn = new();

    [Fact]
    public void A_reader_at_its_connection_shares_it_with_no_one() => Assert.False(turn.TryAcquire());

    [Fact]
    public async Task A_reader_that_stood_aside_for_no_one_goes_on()
    {
        await StandAside().WaitAsync(TestTimeout.Limit, TestContext.Current.CancellationToken);
        Assert.False(turn.TryAcquire());
    }

    [Fact]
    public async Task A_guest_has_the_connection_alone_until_it_gives_it_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot wait for a pipe with a limit of time.");
        var standing = BecomeGuest();
        Assert.False(turn.TryAcquire());

        // Far longer than the reader would leave the connection to no one.
        Assert.NotSame(standing, await Task.WhenAny(standing, Task.Delay(200, TestContext.Current.CancellationToken)));
        turn.GiveBack(isForGood: true);
        await standing.WaitAsync(TestTimeout.Limit, TestContext.Current.CancellationToken);
        Assert.False(turn.TryAcquire());
    }

    [Fact]
    public async Task A_guest_that_does_not_come_again_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot wait for a pipe with a limit of time.");
        var standing = BecomeGuest();
        turn.GiveBack(isForGood: false);
        await standing.WaitAsync(TestTimeout.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Guest_and_reader_are_never_at_it_together()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot wait for a pipe with a limit of time.");
        var atIt = 0;
        var turns = 0;
        var end = false;
        var reader = RunOn(() =>
        {
            while (!Volatile.Read(ref end))
            {
                Assert.Equal(1, Interlocked.Increment(ref atIt));
                Interlocked.Decrement(ref atIt);
                turn.StandAside();
            }
        });
        while (turns < 20_000)
        {
            if (turn.TryAcquire())
            {
                Assert.Equal(1, Interlocked.Increment(ref atIt));
                turns++;
                Interlocked.Decrement(ref atIt);
                turn.GiveBack(isForGood: turns % 3 == 0);
            }
        }

        Volatile.Write(ref end, true);
        await reader.WaitAsync(TestTimeout.Limit, TestContext.Current.CancellationToken);
    }

    private static Task RunOn(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private Task StandAside() => RunOn(turn.StandAside);

    private Task BecomeGuest()
    {
        while (true)
        {
            var standing = StandAside();
            while (!standing.IsCompleted)
            {
                if (turn.TryAcquire())
                {
                    return standing;
                }
            }
        }
    }
}
