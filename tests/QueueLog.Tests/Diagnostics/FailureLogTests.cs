using Microsoft.Extensions.Time.Testing;
using QueueLog.Diagnostics;

namespace QueueLog.Tests.Diagnostics;

public sealed class FailureLogTests
{
    [Fact]
    public void A_failure_is_kept_with_its_time_and_told_to_every_listener()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var log = new FailureLog(time);
        var told = new List<Failure>();
        log.Reported += _ => throw new InvalidOperationException("a handler");
        log.Reported += told.Add;
        var cause = new IOException("disk full");

        log.Report("run.log", FailureSeverity.Temporary, "could not write", cause);

        var failure = Assert.Single(log.GetRecent());
        Assert.Equal(new Failure(time.GetLocalNow(), "run.log", FailureSeverity.Temporary, "could not write", cause), failure);
        Assert.Equal([failure], told);
    }

    [Fact]
    public void Only_the_last_hundred_are_kept_but_all_are_counted()
    {
        var log = new FailureLog();

        for (var i = 0; i < 250; i++)
        {
            log.Report("s", FailureSeverity.Permanent, $"{i}");
        }

        Assert.Equal(250, log.Count);
        Assert.Equal(Enumerable.Range(150, 100).Select(i => $"{i}"), log.GetRecent().Select(failure => failure.Message));
    }

    [Fact]
    public void Several_threads_may_report_at_once()
    {
        var log = new FailureLog();
        var told = 0;
        log.Reported += _ => Interlocked.Increment(ref told);

        Parallel.For(0, 1000, i => log.Report("s", FailureSeverity.Temporary, $"{i}"));

        Assert.Equal(1000, log.Count);
        Assert.Equal(1000, told);
        Assert.Equal(FailureLog.Capacity, log.GetRecent().Count);
    }
}
