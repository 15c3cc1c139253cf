using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

/// <summary>A record that is copied, read again and made an object is the record it was.</summary>
public sealed class RecordCopyTests
{
    private static readonly ClientIdentity Other = new(1, "other", "Worker-8");

    private static SampleRecord Whole => new SampleRecord
    {
        Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(5.5)),
        Level = LogLevel.Warning,
        Message = "disk π is full",
        Template = "disk {Disk} is full",
        Category = "Db.Import",
        Process = "sensor",
        Pid = 7,
        Worker = "Worker-9",
        Item = 12,
        Attempt = 3,
        Caller = "import.ps1:42",
        Sequence = 33,
        Exception = new ExceptionInfo("System.IO.IOException", "no room", "at a\nat b"),
    }.With("Disk", "π").With("Free", -5L).With("Ratio", 0.5).With("Hot", true).With("None", null).With("When", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(-3)));

    [Fact]
    public void A_record_with_every_field()
    {
        var record = Copy(Whole, out var isFromSink);
        Assert.False(isFromSink);
        Assert.Equal(Whole.Timestamp, record.Timestamp);
        Assert.Equal(TimeSpan.FromHours(5.5), record.Timestamp!.Value.Offset);
        Assert.Equal(
            (LogLevel.Warning, "disk π is full", "disk {Disk} is full", "Db.Import", "sensor", 7, "Worker-9", 12, 3, "import.ps1:42", 33),
            (record.Level, record.Message, record.Template, record.Category, record.Process, record.Pid, record.Worker, record.Item, record.Attempt, record.Caller, record.Sequence));
        Assert.Equal(Whole.Exception, record.Exception);
        Assert.Equal(
            [new("Disk", "π"), new("Free", -5L), new("Ratio", 0.5), new("Hot", true), new("None", null), new("When", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(-3)))],
            record.Properties);
    }

    [Fact]
    public void A_record_with_nothing_but_a_message_and_no_field_of_its_carrier()
    {
        var record = Copy(new SampleRecord { Message = "", Process = "", Pid = 0 }, out _);
        Assert.Equal(("", "", 0), (record.Message, record.Process, record.Pid));
        Assert.Null(record.Template);
        Assert.Null(record.Category);
        Assert.Null(record.Worker);
        Assert.Null(record.Item);
        Assert.Null(record.Attempt);
        Assert.Null(record.Caller);
        Assert.Null(record.Exception);
        Assert.Empty(record.Properties);
    }

    [Fact]
    public void A_first_attempt_and_an_exception_without_a_stack()
    {
        var record = Copy(new SampleRecord { Item = 0, Exception = new ExceptionInfo("T", "m", null) }, out _);
        Assert.Equal((0, 1), (record.Item, record.Attempt));
        Assert.Equal(new ExceptionInfo("T", "m", null), record.Exception);
    }

    [Fact]
    public void The_mark_of_a_sink()
    {
        var view = Whole.View;
        view.IsFromSink = true;
        Copy(in view, out var isFromSink);
        Assert.True(isFromSink);
    }

    [Fact]
    public void The_mark_of_what_the_streams_of_a_session_show()
    {
        var view = Whole.View;
        view.IsInStreams = true;
        var output = new ByteWriter();
        RecordCopy.Append(output, in view);
        var bytes = output.Written;
        Assert.True(RecordCodec.TryRead(ref bytes, Other, out var copy));
        Assert.True(copy.IsInStreams);
    }

    [Fact]
    public void One_behind_the_other()
    {
        var output = new ByteWriter();
        foreach (var message in new[] { "one", "two" })
        {
            var view = Some.Record(message).View;
            RecordCopy.Append(output, in view);
        }

        Assert.Equal(2, RecordCodec.Count(output.Written));
    }

    private static LogRecord Copy(SampleRecord sample, out bool isFromSink)
    {
        var view = sample.View;
        return Copy(in view, out isFromSink);
    }

    private static LogRecord Copy(scoped in RecordView view, out bool isFromSink)
    {
        var output = new ByteWriter();
        RecordCopy.Append(output, in view);
        var bytes = output.Written;
        Assert.True(RecordCodec.TryRead(ref bytes, Other, out var copy));
        Assert.True(bytes.IsEmpty);
        isFromSink = copy.IsFromSink;
        var record = WholeRecord.Of(in copy);
        return record;
    }
}
