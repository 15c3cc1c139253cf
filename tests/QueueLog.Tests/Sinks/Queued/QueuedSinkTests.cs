using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.Queued;

public sealed class QueuedSinkTests
{
    private readonly FailureLog failures = new();
    private readonly GatedTarget target = new();

    [Fact]
    public void Everything_it_was_given_is_written_in_order_when_it_is_closed()
    {
        var sink = Sink(target);
        for (var i = 0; i < 5000; i++)
        {
            sink.Write($"{i}");
            if (i % 7 == 0)
            {
                sink.Flush();
            }
        }

        sink.Close(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"{i}"), target.Messages);
        Assert.Equal((5000, 5000, 0), (sink.Taken, sink.Written, sink.Lost));
        Assert.True(target.IsDisposed);
        Assert.Equal(0, failures.Count);
    }

    [Fact]
    public async Task A_sink_that_hangs_holds_up_nobody_and_what_it_did_not_take_is_told_when_it_goes_on()
    {
        target.Open.Reset();
        var sink = Sink(target, capacity: 64 * 1024);
        var message = new string('x', 1000);
        sink.Write("first");
        sink.Flush();
        await target.Reached.WaitAsync(TestTimeout.Limit);
        for (var i = 0; i < 1000; i++)
        {
            sink.Write(message);
        }

        sink.Flush();
        Assert.True(sink.IsBehind);
        Assert.Equal(1001, sink.Taken);
        Assert.InRange(sink.Lost, 900, 1000);
        Assert.Equal(FailureSeverity.Permanent, Assert.Single(failures.GetRecent()).Severity);

        var leftOut = sink.Lost;
        target.Open.Set();
        await Eventually.TrueAsync(() => !sink.IsBehind, "it has caught up");
        sink.Write("later");
        sink.Close(TestTimeout.Limit);
        Assert.Equal("later", target.Messages[^1]);
        Assert.Equal((1002, 1002 - leftOut, leftOut), (sink.Taken, sink.Written, sink.Lost));
        Assert.True(sink.Metrics.TryDequeueEvent(out var news));
        Assert.Equal(new SinkEvent(leftOut, null), news);
        Assert.False(sink.Metrics.TryDequeueEvent(out _));
    }

    [Fact]
    public async Task Closing_a_sink_that_hangs_stops_it_and_counts_what_is_left()
    {
        var stopped = false;
        target.Open.Reset();
        target.OnStop = () => stopped = true;
        var sink = Sink(target);
        sink.Write("one");
        sink.Flush();
        await target.Reached.WaitAsync(TestTimeout.Limit);
        sink.Write("two");
        await Task.Run(() => sink.Close(TimeSpan.Zero)).WaitAsync(TestTimeout.Limit);

        Assert.True(stopped);
        Assert.Equal((2, 0, 2), (sink.Taken, sink.Written, sink.Lost));
        Assert.Equal("2 records were left out of 'sink' at the end: it did not take them in time.", Assert.Single(failures.GetRecent()).Message);
        Assert.True(sink.Metrics.TryDequeueEvent(out var news));
        Assert.Equal(new SinkEvent(2, null, IsAtEnd: true), news);

        // What it still does then is no news, and nothing follows it.
        target.Open.Set();
        await Eventually.TrueAsync(() => target.IsDisposed, "its thread has ended");
        Assert.Equal(["one"], target.Messages);
        Assert.Equal((0, 2), (sink.Written, sink.Lost));
    }

    [Fact]
    public async Task A_stop_that_helps_lets_it_count_what_it_has_done()
    {
        target.Open.Reset();
        target.OnStop = target.Open.Set;
        var sink = Sink(target);
        sink.Write("one");
        sink.Write("two");
        sink.Flush();
        await target.Reached.WaitAsync(TestTimeout.Limit);
        await Task.Run(() => sink.Close(TimeSpan.Zero)).WaitAsync(TestTimeout.Limit);
        Assert.Equal((2, 2, 0), (sink.Taken, sink.Written, sink.Lost));
        Assert.Equal(0, failures.Count);
    }

    [Fact]
    public void A_kind_of_failure_is_reported_once_until_a_whole_block_has_gone_well()
    {
        target.Fails = message => message.StartsWith("bad", StringComparison.Ordinal) ? new InvalidOperationException(message) : null;
        var sink = Sink(target);
        WriteBlock(sink, "bad 1", "good 1", "bad 2");
        WriteBlock(sink, "good 2", "bad 3");
        Assert.Equal("Could not write to 'sink': bad 1", Assert.Single(failures.GetRecent()).Message);
        WriteBlock(sink, "good 3");
        WriteBlock(sink, "bad 4");
        sink.Close(TestTimeout.Limit);
        Assert.Equal(["bad 1", "bad 4"], failures.GetRecent().Select(failure => failure.Exception!.Message));
        Assert.Equal((7, 3, 4, 4), (sink.Taken, sink.Written, sink.Lost, sink.Metrics.Failed));
    }

    [Fact]
    public void What_a_sinks_own_code_wrote_is_given_to_no_such_code()
    {
        var record = Some.Record("from a sink").View;
        record.IsFromSink = true;
        var text = Sink(target);
        text.Write(in record);
        text.Close(TestTimeout.Limit);
        Assert.Equal(["from a sink"], target.Messages);

        var code = new GatedTarget { HasCode = true };
        var sink = Sink(code);
        sink.Write(in record);
        sink.Write("from elsewhere");
        sink.Close(TestTimeout.Limit);
        Assert.Equal(["from elsewhere"], code.Messages);
        Assert.Equal(1, sink.Taken);
    }

    [Fact]
    public void A_sink_that_got_nothing_is_freed_all_the_same()
    {
        Sink(target).Dispose();
        Assert.True(target.IsDisposed);
    }

    [Fact]
    public void Those_of_one_name_are_told_apart()
    {
        LogSink[] sinks = [new() { Name = "script" }, new() { Name = "file" }, new() { Name = "script" }, new() { Name = "script" }];
        Assert.Equal(["script", "file", "script-2", "script-3"], QueuedSinkFactory.NamesOf(sinks));
    }

    private static void WriteBlock(QueuedSink sink, params string[] messages)
    {
        Array.ForEach(messages, sink.Write);
        sink.Flush();
        var given = sink.Taken;
        SpinWait.SpinUntil(() => sink.Metrics.Accounted == given, TestTimeout.Limit);
    }

    private QueuedSink Sink(GatedTarget of, int capacity = LogSink.DefaultQueueSize) => of.Behind("sink", capacity, failures);
}
