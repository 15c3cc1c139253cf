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
    public void Equal_ones_are_one_with_their_number_and_the_times_of_the_first_and_the_last()
    {
        var time = new FakeTimeProvider();
        var log = new FailureLog(time);
        var told = new List<Failure>();
        log.Reported += told.Add;
        var first = time.GetLocalNow();
        log.Report("run.log", FailureSeverity.Temporary, "disk full");
        log.Report("run.log", FailureSeverity.Permanent, "disk full");
        log.Report("other.log", FailureSeverity.Temporary, "disk full");
        time.Advance(TimeSpan.FromMinutes(1));
        log.Report("run.log", FailureSeverity.Temporary, "disk full");
        time.Advance(TimeSpan.FromMinutes(1));
        var cause = new IOException();
        log.Report("run.log", FailureSeverity.Temporary, "disk full", cause);

        var failures = log.GetRecent();
        Assert.Equal(["Permanent run.log 1", "Temporary other.log 1", "Temporary run.log 3"], failures.Select(failure => $"{failure.Severity} {failure.Source} {failure.Count}"));
        Assert.Equal((first, time.GetLocalNow(), cause), (failures[2].FirstTime, failures[2].Time, failures[2].Exception));
        Assert.Equal((first, first), (failures[0].FirstTime, failures[0].Time));
        Assert.Equal((5, 5), (log.Count, told.Count));
        Assert.Equal(failures[2], told[^1]);
    }

    [Fact]
    public void What_clients_bring_about_pushes_out_nothing_else()
    {
        var log = new FailureLog();
        log.Report("run.log", FailureSeverity.Temporary, "disk full");
        for (var i = 0; i < 3 * FailureLog.Capacity; i++)
        {
            log.ReportClient($"client {i}", FailureSeverity.Final, "nonsense");
        }

        var failures = log.GetRecent();
        Assert.Equal("disk full", failures[0].Message);
        Assert.Equal(Enumerable.Range(2 * FailureLog.Capacity, FailureLog.Capacity).Select(i => $"client {i}"), failures.Skip(1).Select(failure => failure.Source));
    }

    [Fact]
    public void A_source_that_finds_something_new_each_time_pushes_out_its_own()
    {
        var log = new FailureLog();
        log.Report("run.log", FailureSeverity.Temporary, "disk full");
        for (var i = 0; i < 3 * FailureLog.Capacity; i++)
        {
            log.Report("script", FailureSeverity.Permanent, $"{i}");
        }

        var failures = log.GetRecent();
        Assert.Equal(FailureLog.Capacity, failures.Count);
        Assert.Equal(("disk full", "299"), (failures[0].Message, failures[^1].Message));
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
