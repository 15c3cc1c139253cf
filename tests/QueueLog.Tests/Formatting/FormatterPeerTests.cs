using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Formatting;

/// <summary>What those who come from Python's <c>logging.Formatter</c> rely on, said in this template language.</summary>
public sealed class FormatterPeerTests
{
    private static readonly DateTimeOffset Moment = new(1993, 4, 21, 8, 3, 0, 123, TimeSpan.Zero);

    [Theory]
    [InlineData("${Message}", "$Message with 2 placeholders")]
    [InlineData("{Message}", "Message with 2 placeholders")]
    [InlineData("{{{Message}}}", "{Message with 2 placeholders}")]
    [InlineData("%(message)s", "%(message)s")]
    [InlineData("{{Message}}", "{Message}")]
    [InlineData("random", "random")]
    [InlineData("{Message,30}|", "   Message with 2 placeholders|")]
    [InlineData("{Process,-12}|{Sequence:D5}|{Level,8:u3}|", "my-process  |00007|     INF|")]
    public void A_record_is_put_into_the_template_and_what_is_no_token_is_left_alone(string template, string expected) =>
        Assert.Equal(
            expected + "\n",
            Some.Format(template, new SampleRecord { Message = "Message with 2 placeholders", Process = "my-process", Sequence = 7 }));

    [Theory]
    [InlineData("{Message:>15}")]
    [InlineData("{Timestamp:q}")]
    [InlineData("{Process")]
    [InlineData("{Level:x}")]
    [InlineData("Process}")]
    [InlineData("{{Process}")]
    [InlineData("{Pid:}")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{Message,2**3}")]
    [InlineData("{Pid,.2f}")]
    public void A_template_is_validated_before_the_first_record(string template) =>
        Assert.Throws<TemplateException>(() => RecordFormat.Create(LogFormat.Text, template));

    [Theory]
    [InlineData(null, " Message")]
    [InlineData("Example", "Example Message")]
    public void A_value_that_only_some_records_have_is_left_out_where_it_is_missing(string? custom, string expected)
    {
        var record = Some.Record("Message");
        Assert.Equal(expected + "\n", Some.Format("{custom} {Message}", custom is null ? record : record.With("custom", custom)));
    }

    [Theory]
    [InlineData("{UtcTimestamp:yyyy-MM-dd HH:mm:ss,fff}", "1993-04-21 08:03:00,123")]
    [InlineData("{Timestamp:yyyy-MM-dd HH:mm:ss,fff}", "1993-04-21 10:03:00,123")]
    [InlineData("{UtcTimestamp:yyyy:dd}", "1993:21")]
    [InlineData("{UtcTimestamp:dd/MM/yyyy HH:mm:ss}", "21/04/1993 08:03:00")]
    [InlineData("{UtcTimestamp:yyyy-MM-dd HH:mm:ss.fff'ms'}", "1993-04-21 08:03:00.123ms")]
    public void Time_is_local_or_universal_in_any_format_with_milliseconds_or_without(string template, string expected) =>
        Assert.Equal(expected + "\n", Some.Format(template, new SampleRecord { Timestamp = Moment.ToOffset(TimeSpan.FromHours(2)) }));

    [Theory]
    [InlineData(999, "999")]
    [InlineData(0, "000")]
    [InlineData(67, "067")]
    public void Milliseconds_are_cut_off_never_rounded_up(int milliseconds, string expected) =>
        Assert.Equal(expected + "\n", Some.Format("{Timestamp:fff}", new SampleRecord { Timestamp = Moment.AddMilliseconds(milliseconds - 123).AddTicks(9999) }));

    [Fact]
    public void An_exception_follows_the_message_on_lines_of_its_own_and_is_formatted_for_each_log_anew()
    {
        var record = new SampleRecord { Message = "failed", Exception = new ExceptionInfo("ValueError", "deliberate mistake", "at <module>") };

        var lines = Some.Format("{Message}", record).Split('\n');
        Assert.Equal(["failed", "    ValueError: deliberate mistake", "        at <module>", ""], lines);
        Assert.Equal("ValueError: deliberate mistake\n        at <module>\n", Some.Format("{Exception}", record));
        Assert.Equal("failed\n", Some.Format("{Message}", new SampleRecord { Message = "failed" }));
    }

    [Fact]
    public void A_message_that_ends_its_line_leaves_no_blank_one_before_the_exception() =>
        Assert.Equal("failed\n    T: m\n", Some.Format("{Message}", new SampleRecord { Message = "failed\n", Exception = new ExceptionInfo("T", "m", null) }));
}
