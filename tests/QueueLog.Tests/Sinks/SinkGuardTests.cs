using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks;

public sealed class SinkGuardTests
{
    private readonly FailureLog failures = new();

    [Fact]
    public void A_sink_that_throws_is_reported_and_the_others_go_on()
    {
        var good = new CollectingSink();
        var bad = new ThrowingSink { OnWrite = new InvalidOperationException("broken"), OnFlush = new IOException("full"), OnDispose = new IOException("gone") };
        SinkGuard[] guards = [Guard(bad, "bad"), Guard(good, "good")];

        foreach (var guard in guards)
        {
            guard.Write("one");
            guard.Flush();
            guard.Dispose();
        }

        Assert.Equal(["one"], good.Messages);
        Assert.Equal(1, good.FlushedMessages);
        Assert.Equal(
            [("bad", FailureSeverity.Permanent, "broken"), ("bad", FailureSeverity.Temporary, "full"), ("bad", FailureSeverity.Final, "gone")],
            failures.GetRecent().Select(failure => (failure.Source, failure.Severity, failure.Exception!.Message)));
    }

    [Fact]
    public void A_failure_that_repeats_is_reported_once_and_counted_every_time()
    {
        var sink = new ThrowingSink { OnWrite = new IOException("full") };
        var guard = Guard(sink);

        guard.Write("one");
        guard.Write("two");
        sink.OnWrite = new InvalidOperationException("another kind");
        guard.Write("three");

        Assert.Equal(2, failures.Count);
        Assert.Equal(3, guard.Failed);
        Assert.Equal(3, guard.Lost);
        Assert.Equal(0, guard.Taken);
    }

    [Fact]
    public void A_failure_after_the_sink_worked_again_is_news()
    {
        var sink = new ThrowingSink();
        var guard = Guard(sink);

        for (var i = 0; i < 2; i++)
        {
            sink.OnFlush = new IOException("full");
            guard.Write("a");
            guard.Flush();
            guard.Flush();
            Assert.True(guard.Failing);

            sink.OnFlush = null;
            guard.Flush();
            Assert.False(guard.Failing);
        }

        Assert.Equal(2, failures.Count);
        Assert.Equal(4, guard.Failed);
        Assert.Equal(0, guard.Lost);
    }

    [Fact]
    public void A_flush_with_nothing_to_do_does_not_make_a_repeated_failure_news()
    {
        var guard = Guard(new ThrowingSink { OnWrite = new IOException("full") });

        guard.Write("a");
        guard.Flush();
        guard.Write("b");

        Assert.Equal(1, failures.Count);
    }

    [Fact]
    public void What_a_sink_held_when_it_failed_to_close_counts_as_lost()
    {
        var sink = new ThrowingSink();
        var guard = Guard(sink);
        guard.Write("written");
        guard.Flush();
        guard.Write("held");
        guard.Write("held");
        sink.OnDispose = new IOException("full");

        guard.Dispose();
        guard.Dispose();

        Assert.Equal(3, guard.Taken);
        Assert.Equal(2, guard.Lost);
        Assert.Equal(1, failures.Count);
    }

    [Fact]
    public void Records_below_the_minimum_level_do_not_reach_the_sink()
    {
        var sink = new CollectingSink();
        using var guard = new SinkGuard(sink, "s", LogLevel.Warning, failures);

        foreach (var level in Enum.GetValues<LogLevel>())
        {
            guard.Write(Some.Record(level.ToString(), level));
        }

        Assert.Equal(["Warning", "Error", "Critical"], sink.Messages);
        Assert.Equal(3, guard.Taken);
        Assert.Equal(0, guard.Lost);
    }

    [Fact]
    public void After_its_end_nothing_reaches_the_sink_and_what_comes_is_counted_as_lost()
    {
        var sink = new CollectingSink();
        var guard = Guard(sink);

        guard.Dispose();
        guard.Write("late");
        guard.Flush();

        Assert.Empty(sink.Messages);
        Assert.Equal(1, guard.Lost);
    }

    private SinkGuard Guard(IRecordSink sink, string name = "s") => new(sink, name, LogLevel.Trace, failures);
}
