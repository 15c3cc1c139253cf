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

    [Fact]
    public void A_file_sink_is_asked_what_its_guard_is_asked()
    {
        var sink = new ThrowingFileSink { NeedsRoll = true };
        var guard = Guard(sink);
        var plan = new List<PlannedAppend>();
        guard.Write("one");

        Assert.True(guard.NeedsRoll);
        Assert.True(guard.Plan(plan, withoutLast: true));
        Assert.True(guard.Flush(withoutLast: true));
        Assert.True(guard.Sync());
        Assert.True(guard.Roll());
        guard.Flush();

        Assert.Equal([new PlannedAppend("file", 1, 2)], plan);
        Assert.Equal(["plan True", "flush True", "sync", "roll", "flush False"], sink.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_record_the_sink_did_not_take_begins_no_file_and_leaves_none_behind(bool below)
    {
        var sink = new ThrowingFileSink { NeedsRoll = true };
        var guard = new SinkGuard(sink, "s", LogLevel.Information, failures);
        guard.Write("taken");
        sink.OnWrite = new IOException("poison");

        guard.Write(Some.Record("not taken", below ? LogLevel.Debug : LogLevel.Information));

        Assert.False(guard.NeedsRoll);
        Assert.True(guard.Plan([], withoutLast: true));
        Assert.True(guard.Flush(withoutLast: true));
        Assert.Equal(["plan False", "flush False"], sink.Calls);
        Assert.Equal(below ? 0 : 1, guard.Lost);
    }

    [Fact]
    public void Failures_to_plan_flush_roll_and_sync_are_told_and_reported_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The error code of a full disk is that of Unix here.");
        var sink = new ThrowingFileSink();
        var guard = Guard(sink);
        var plan = new List<PlannedAppend> { new("other", 3, 4) };
        guard.Write("one");
        sink.OnAnythingElse = new IOException("full", 28);

        for (var i = 0; i < 2; i++)
        {
            Assert.False(guard.Plan(plan, withoutLast: false));
            Assert.Equal([new PlannedAppend("other", 3, 4)], plan);
            Assert.True(guard.Failing);
            Assert.True(guard.IsDiskFull);
            Assert.Same(sink.OnAnythingElse, guard.LastFailure);
            Assert.False(guard.Flush(withoutLast: false));
            Assert.False(guard.Roll());
            Assert.False(guard.Sync());
        }

        Assert.Equal(3, failures.Count);
        Assert.All(failures.GetRecent(), failure => Assert.Equal(FailureSeverity.Temporary, failure.Severity));
        Assert.Equal(8, guard.Failed);

        sink.OnAnythingElse = null;
        Assert.True(guard.Plan(plan, withoutLast: false));
        Assert.True(guard.Failing);
        Assert.True(guard.Flush(withoutLast: false));
        Assert.False(guard.Failing);
    }

    [Fact]
    public void A_sink_that_is_no_file_plans_nothing_never_rolls_and_flushes_all()
    {
        var sink = new CollectingSink();
        var guard = Guard(sink);
        var plan = new List<PlannedAppend>();
        guard.Write("one");

        Assert.False(guard.NeedsRoll);
        Assert.True(guard.Plan(plan, withoutLast: true));
        Assert.True(guard.Flush(withoutLast: true));
        Assert.True(guard.Roll());
        Assert.True(guard.Sync());

        Assert.Empty(plan);
        Assert.Equal(1, sink.FlushedMessages);
    }

    [Fact]
    public void After_its_end_a_guard_neither_plans_nor_flushes()
    {
        var sink = new ThrowingFileSink { NeedsRoll = true };
        var guard = Guard(sink);
        guard.Write("one");
        guard.Dispose();

        Assert.False(guard.NeedsRoll);
        Assert.False(guard.Plan([], withoutLast: false));
        Assert.False(guard.Flush(withoutLast: false));
        Assert.False(guard.Roll());
        Assert.False(guard.Sync());
        Assert.Empty(sink.Calls);
    }

    private SinkGuard Guard(IRecordSink sink, string name = "s") => new(sink, name, LogLevel.Trace, failures);
}
