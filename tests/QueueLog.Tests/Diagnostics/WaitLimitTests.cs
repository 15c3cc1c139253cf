using Microsoft.Extensions.Time.Testing;
using QueueLog.Diagnostics;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Diagnostics;

public sealed class WaitLimitTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void It_is_over_when_its_time_has_passed()
    {
        var limit = new WaitLimit(TimeSpan.FromSeconds(1), clock);
        for (var step = 1; step < 10; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal((10 - step) * 100, limit.Left().TotalMilliseconds);
        }

        Assert.False(limit.IsOver());
        clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(limit.IsOver());
    }

    [Fact]
    public void One_of_no_time_is_over_at_once() => Assert.True(new WaitLimit(TimeSpan.Zero, clock).IsOver());

    [Fact]
    public void Of_a_standstill_only_a_step_counts()
    {
        var limit = new WaitLimit(TimeSpan.FromSeconds(15), clock);
        clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal(TimeSpan.FromSeconds(15) - WaitLimit.LongestStep, limit.Left());
    }

    [Fact]
    public async Task It_is_waited_within_it_for_a_task()
    {
        Assert.True(await new WaitLimit(TimeSpan.Zero, clock).CompletesAsync(Task.CompletedTask));
        Assert.True(await new WaitLimit(TestTimeout.Limit).CompletesAsync(Task.Delay(1)));
        Assert.False(await new WaitLimit(TimeSpan.FromMilliseconds(20)).CompletesAsync(Task.Delay(Timeout.Infinite)));
    }

    [Fact]
    public void It_cancels_at_its_end_unless_it_is_not_needed_any_more()
    {
        using var cancelled = new CancellationTokenSource();
        using var kept = new CancellationTokenSource();
        using var limit = new WaitLimit(TimeSpan.FromSeconds(1), clock).CancelAtEnd(cancelled);
        var other = new WaitLimit(TimeSpan.FromSeconds(1), clock).CancelAtEnd(kept);
        clock.Advance(TimeSpan.FromMilliseconds(500));
        clock.Advance(TimeSpan.FromMilliseconds(400));
        Assert.False(cancelled.IsCancellationRequested);
        other.Dispose();
        clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(cancelled.IsCancellationRequested);
        Assert.False(kept.IsCancellationRequested);
    }
}
