using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.Queued;

public sealed class TextTargetTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FailureLog failures = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_rolls_between_records_wherever_blocks_end()
    {
        var sink = Sink(File("run.log", maxFileSize: 30));
        for (var i = 0; i < 20; i++)
        {
            sink.Write($"message {i:00}");
            if (i % 3 == 0)
            {
                sink.Flush();
            }
        }

        sink.Close(TestTimeout.Limit);
        var names = folder.FilesIn();
        Assert.Equal(10, names.Length);
        Assert.All(names, name => Assert.Equal(2, folder.ReadLines(name).Length));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"message {i:00}"), names.SelectMany(name => folder.ReadLines(name)).Order(StringComparer.Ordinal));
        Assert.Equal((20, 20, 0), (sink.Taken, sink.Written, sink.Lost));
    }

    [Fact]
    public async Task A_flush_that_fails_is_tried_again_and_nothing_is_lost_meanwhile()
    {
        var full = new FullDiskSink();
        var sink = Sink(full);
        sink.Write("one");
        sink.Flush();
        await full.Refused.WaitAsync(TestTimeout.Limit);
        await Eventually.TrueAsync(() => sink.IsBehind, "it says that it cannot write");
        sink.Write("two");
        full.MakeRoom();
        sink.Close(TestTimeout.Limit);
        Assert.Equal(["one", "two"], full.Messages);
        Assert.Equal((2, 2, 0), (sink.Taken, sink.Written, sink.Lost));
        Assert.False(sink.IsBehind);
        Assert.Equal("Could not write to 'sink': No space left on device", Assert.Single(failures.GetRecent()).Message);
    }

    [Fact]
    public async Task What_a_disk_that_stays_full_does_not_take_is_counted_at_the_end()
    {
        var full = new FullDiskSink();
        var sink = Sink(full);
        sink.Write("one");
        sink.Flush();
        await full.Refused.WaitAsync(TestTimeout.Limit);
        sink.Write("two");
        await Task.Run(() => sink.Close(TimeSpan.Zero)).WaitAsync(TestTimeout.Limit);
        Assert.Equal((2, 0, 2), (sink.Taken, sink.Written, sink.Lost));
        Assert.Contains("2 records were left out of 'sink' at the end", failures.GetRecent()[^1].Message);
    }

    [Fact]
    public void A_write_that_fails_costs_its_own_record_only()
    {
        var throwing = new ThrowingFileSink { OnWrite = new InvalidOperationException("no") };
        var sink = Sink(throwing);
        sink.Write("one");
        sink.Close(TestTimeout.Limit);
        Assert.Equal((1, 0, 1), (sink.Taken, sink.Written, sink.Lost));
    }

    [Fact]
    public void A_filter_says_which_records_are_written()
    {
        var ended = false;
        var filter = new EvenFilter();
        var sink = Sink(File("even.log"), new SinkCodeSession(filter, null, null, () => ended = true));
        for (var i = 0; i < 10; i++)
        {
            sink.Write($"{i}");
        }

        sink.Write("no number");
        sink.Close(TestTimeout.Limit);
        Assert.Equal(["0", "2", "4", "6", "8", "no number"], folder.ReadLines("even.log"));
        Assert.Equal((11, 6, 5, 0), (sink.Taken, sink.Written, sink.Metrics.Filtered, sink.Lost));
        Assert.Equal("Could not apply the filter of 'sink': The input string 'no number' was not in a correct format.", Assert.Single(failures.GetRecent()).Message);
        Assert.True(ended);
    }

    [Fact]
    public void A_receiver_is_known_to_have_taken_each_record_it_did_not_refuse()
    {
        var receiver = new RefusingReceiver();
        var room = new SinkQueueOptions { ThreadName = "test", Capacity = LogSink.DefaultQueueSize };
        var metrics = new SinkMetrics("sink", failures);
        var sink = new QueuedSink(SinkKind.Logger, new CodeTarget(new SinkCodeSession(new EvenFilter(), new ReceiverConsumer(receiver), null, null), metrics), room, metrics);
        for (var i = 0; i < 9; i++)
        {
            sink.Write($"{i}");
        }

        sink.Close(TestTimeout.Limit);
        Assert.Equal(["0", "2", "6", "8"], receiver.Messages);
        Assert.Equal((9, 4, 4, 1), (sink.Taken, sink.Written, sink.Metrics.Filtered, sink.Lost));
    }

    private RollingFileSink File(string name, long? maxFileSize = null) =>
        new(new RollingFileOptions { Path = folder.Combine(name), MaxFileSize = maxFileSize, MaxFiles = 100 }, new TemplateFormatter("{Message}"), TestListener.Locks, failures);

    private QueuedSink Sink(IRecordSink text, SinkCodeSession? code = null)
    {
        var metrics = new SinkMetrics("sink", failures);
        return new(SinkKind.File, new TextTarget(text, code, metrics), new SinkQueueOptions { ThreadName = "test", Capacity = LogSink.DefaultQueueSize }, metrics);
    }

    private sealed class EvenFilter : IRecordFilter
    {
        public IReadOnlyList<bool> Judge(IReadOnlyList<LogRecord> records, Action<Exception> failed) => [.. records.Select(record =>
        {
            try
            {
                return int.Parse(record.Message) % 2 == 0;
            }
            catch (FormatException exception)
            {
                failed(exception);
                return true;
            }
        })];
    }

    private sealed class RefusingReceiver : IRecordReceiver
    {
        public List<string> Messages { get; } = [];

        public void Receive(IReadOnlyList<LogRecord> records)
        {
            foreach (var record in records)
            {
                if (record.Message == "4")
                {
                    throw new InvalidOperationException("not this one");
                }

                Messages.Add(record.Message);
            }
        }
    }
}
