using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks;

public sealed class ConsoleWriterTests
{
    private readonly FailureLog failures = new();

    [Fact]
    public void A_block_goes_out_in_one_write_on_the_thread_of_the_queue()
    {
        var stream = new RecordingStream();
        var sink = Sink(stream);
        sink.Write("one");
        sink.Write("two\nlines");
        sink.Close(TestTimeout.Limit);
        Assert.Equal(["one\ntwo\n    lines\n"], stream.Writes);
        Assert.Equal((2, 2, 0), (sink.Taken, sink.Written, sink.Lost));
    }

    [Fact]
    public async Task What_the_console_does_not_take_is_told_and_tried_again()
    {
        var stream = new RecordingStream { OnWrite = new IOException("Broken pipe") };
        var sink = Sink(stream);
        sink.Write("one");
        sink.Flush();
        await Eventually.TrueAsync(() => sink.IsBehind, "it says that it cannot write");
        stream.OnWrite = null;
        sink.Close(TestTimeout.Limit);
        Assert.Equal(["one\n"], stream.Writes);
        Assert.Equal((1, 1, 0), (sink.Taken, sink.Written, sink.Lost));
        Assert.Equal("Could not write to 'sink': Broken pipe", Assert.Single(failures.GetRecent()).Message);
    }

    [Fact]
    public async Task Closing_waits_for_a_console_nobody_reads_no_longer_than_its_queue_allows()
    {
        var stream = new BlockingStream();
        var sink = Sink(stream, closeTimeout: TimeSpan.Zero);
        sink.Write("one");
        sink.Flush();
        await Task.Run(() => sink.Close(TestTimeout.Limit)).WaitAsync(TestTimeout.Limit);
        Assert.Equal((1, 0, 1), (sink.Taken, sink.Written, sink.Lost));
        Assert.Equal("1 record was left out of 'sink' at the end: it did not take it in time.", Assert.Single(failures.GetRecent()).Message);
        stream.Release();
    }

    private QueuedSink Sink(Stream stream, TimeSpan? closeTimeout = null) => new(
        "sink",
        SinkKind.Console,
        new TextTarget(new ConsoleWriter(new TemplateFormatter("{Message}"), colour: false, stream), code: null),
        new SinkQueueOptions { ThreadName = "test", Capacity = LogSink.DefaultQueueSize, CloseTimeout = closeTimeout ?? TimeSpan.MaxValue },
        failures);
}
