using System.Text;
using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Sinks.Spool;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Sinks.Spool;

public sealed class SpoolSinkTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder state = new();

    public void Dispose()
    {
        folder.Dispose();
        state.Dispose();
    }

    [Fact]
    public void A_record_keeps_all_it_says_and_gets_the_machine_behind_its_process()
    {
        var record = new SampleRecord
        {
            Message = "disk full",
            Template = "{What} full",
            Category = "jobs",
            Caller = "a.ps1:3",
            Worker = "Worker-1",
            Item = 7,
            Attempt = 2,
            Sequence = 12,
            Exception = Some.Exception(),
        }.With("What", "disk");
        using var spool = Spool();
        using (var sink = Open(spool))
        {
            sink.Write(record);
            sink.Flush();
        }

        var read = Assert.Single(Read(spool));
        var expected = new ByteWriter();
        var view = record.View;
        view.Process = "Worker-1@web2"u8;
        RecordCopy.Append(expected, in view);
        Assert.Equal(expected.Written.ToArray(), read);
    }

    [Theory]
    [InlineData("Worker-1", "Worker-1@web2")]
    [InlineData("Worker-1@web2", "Worker-1@web2")]
    [InlineData("xweb2", "xweb2@web2")]
    [InlineData("", "@web2")]
    public void The_machine_stands_behind_a_process_once(string process, string expected)
    {
        using var spool = Spool();
        using var sink = Open(spool);
        sink.Write(Some.Record("one", process: process));
        sink.Write(Some.Record("two", process: "other"));
        sink.Write(Some.Record("three", process: process));
        sink.Flush();
        Assert.Equal([expected, "other@web2", expected], Read(spool).Select(ProcessOf));
    }

    [Fact]
    public void Nothing_is_written_before_the_flush_and_a_spool_that_is_opened_again_goes_on()
    {
        using (var spool = Spool())
        {
            using var sink = Open(spool);
            sink.Write("one");
            Assert.Equal(0, spool.Waiting);
            sink.Flush();
            sink.Write("not flushed");
        }

        using var again = Spool();
        using var next = Open(again);
        next.Write("two");
        next.Flush();
        Assert.Equal(["one", "two"], Read(again).Select(record => Encoded.MessageOf(record)));
        Assert.Equal(1, again.Written.Segment);
    }

    [Fact]
    public void A_segment_that_is_full_is_followed_by_another_and_a_batch_never_spans_both()
    {
        using var spool = Spool();
        using var sink = Open(spool);
        var large = new string('x', 40 * 1024 * 1024);
        var plans = new List<PlannedAppend>();
        sink.Write(large);
        sink.Flush();
        sink.Write("small");
        Assert.False(sink.NeedsRoll);
        sink.Write(large);
        Assert.True(sink.NeedsRoll);
        sink.Plan(plans, withoutLast: true);
        sink.Flush(withoutLast: true);
        sink.Roll();
        sink.Plan(plans, withoutLast: false);
        sink.Flush();
        Assert.Equal([spool.PathOf(1), spool.PathOf(2)], plans.Select(plan => plan.Path));
        Assert.Equal(2, spool.Written.Segment);
        Assert.Equal([large.Length, 5, large.Length], Read(spool).Select(record => Encoded.MessageOf(record).Length));
    }

    [Fact]
    public void A_segment_that_the_queue_has_is_deleted_and_its_number_is_not_used_again()
    {
        using (var spool = Spool())
        {
            using var sink = Open(spool);
            sink.Deliver(new string('x', 60 * 1024 * 1024));
            sink.Deliver(new string('y', 10 * 1024 * 1024));
            sink.Flush();
            spool.MarkSent(spool.Written);
            Assert.Equal(["00000002.spool", "id", "sent"], folder.FilesIn("spool"));
            Assert.Equal(0, spool.Waiting);
        }

        using var again = Spool();
        using var next = Open(again);
        next.Write("third");
        next.Flush();
        Assert.Equal(2, again.Written.Segment);
        Assert.Equal("third", Encoded.MessageOf(Read(again).Last()));
        Assert.Equal(again.Written.Offset - again.Sent.Offset, again.Waiting);
    }

    [Fact]
    public void A_spool_that_is_full_is_a_full_disk_until_the_queue_has_taken_some()
    {
        using var spool = Spool(capacity: 1000);
        using var sink = new SinkGuard(Open(spool), "spool", LogLevel.Trace, new FailureLog());
        sink.Write(new string('x', 900));
        Assert.True(sink.Plan([], withoutLast: false));
        sink.Flush();
        sink.Write(new string('y', 900));
        Assert.False(sink.Plan([], withoutLast: false));
        Assert.True(sink.IsWorthWaiting && sink.IsDiskFull);
        Assert.Contains("that the queue has not taken", sink.LastFailure!.Message);
        spool.MarkSent(spool.Written);
        Assert.True(sink.Plan([], withoutLast: false));
    }

    [Fact]
    public void A_record_longer_than_the_spool_may_hold_is_taken_when_nothing_else_waits()
    {
        using var spool = Spool(capacity: 1000);
        using var sink = Open(spool);
        sink.Write(new string('x', 5000));
        sink.Plan([], withoutLast: false);
        sink.Flush();
        Assert.Single(Read(spool));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void What_a_loss_of_power_left_behind_the_last_whole_record_is_cut_off(int zeros)
    {
        using (var spool = Spool())
        {
            using var sink = Open(spool);
            sink.Write("one");
            sink.Flush();
        }

        using (var file = File.Open(folder.Combine("spool", "00000001.spool"), FileMode.Append))
        {
            file.Write(new byte[zeros]);
        }

        using var again = Spool();
        using var next = Open(again);
        next.Write("two");
        next.Flush();
        Assert.Equal(["one", "two"], Read(again).Select(record => Encoded.MessageOf(record)));
    }

    [Fact]
    public void Two_do_not_write_one_spool()
    {
        using var spool = Spool();
        using var sink = Open(spool);
        using var other = Spool();
        Assert.Throws<LogFileInUseException>(() => Open(other));
    }

    [Fact]
    public void A_folder_that_was_emptied_is_another_spool()
    {
        string first;
        using (var spool = Spool())
        {
            using var sink = Open(spool);
            first = spool.Id;
        }

        Directory.Delete(folder.Combine("spool"), recursive: true);
        using var again = Spool();
        using var next = Open(again);
        Assert.NotEqual(first, again.Id);
    }

    private RecordSpool Spool(long capacity = RecordSpool.DefaultCapacity) => new(folder.Combine("spool")) { Host = "web2", Capacity = capacity };

    private SpoolSink Open(RecordSpool spool) => new(spool, new FileLockScope(state.Path, "test"));

    private static IEnumerable<byte[]> Read(RecordSpool spool)
    {
        foreach (var path in Directory.EnumerateFiles(spool.Folder, "*.spool").Order(StringComparer.Ordinal))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            for (var start = 0; start < bytes.Length;)
            {
                var length = RecordCodec.LengthPrefix + BitConverter.ToInt32(bytes, start);
                yield return bytes[start..(start + length)];
                start += length;
            }
        }
    }

    private static string ProcessOf(byte[] record)
    {
        ReadOnlySpan<byte> bytes = record;
        Assert.True(RecordCodec.TryRead(ref bytes, Encoded.Sender, out var view));
        return Encoding.UTF8.GetString(view.Process);
    }
}
