using System.Text;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Formatting;

public sealed class TemplateFormatterTests
{
    [Fact]
    public void The_default_line_is_these_very_bytes()
    {
        var output = new ByteWriter();
        var view = Some.Record("item 5 – started").View;

        new TemplateFormatter().Format(in view, output);

        Assert.Equal("2026-03-04 15:06:07,123 Worker-1   Information item 5 – started\n"u8.ToArray(), output.Written.ToArray());
    }

    [Theory]
    [InlineData("{Timestamp}", "2026-03-04 15:06:07,123")]
    [InlineData("{Timestamp:HH:mm:ss.fffffff zzz}", "15:06:07.1234567 +02:00")]
    [InlineData("{Timestamp:O}", "2026-03-04T15:06:07.1234567+02:00")]
    [InlineData("{Timestamp:dddd d MMMM}", "Wednesday 4 March")]
    [InlineData("{UtcTimestamp}", "2026-03-04 13:06:07,123Z")]
    [InlineData("{UtcTimestamp:HH:mm:ss zzz}", "13:06:07 +00:00")]
    [InlineData("{UtcTimestamp:O}", "2026-03-04T13:06:07.1234567Z")]
    [InlineData("{UtcTimestamp:yyyy-MM-ddTHH:mm:ss.fffK}", "2026-03-04T13:06:07.123Z")]
    [InlineData("{utctimestamp,-10:HH:mm}|", "13:06     |")]
    [InlineData("{Level}", "Warning")]
    [InlineData("{Level:u3}", "WRN")]
    [InlineData("{Level:w3}", "wrn")]
    [InlineData("{Message}", "disk C: is full")]
    [InlineData("{Process}", "Worker-7")]
    [InlineData("{Pid}", "4711")]
    [InlineData("{Pid:D6}", "004711")]
    [InlineData("{Worker}", "W7")]
    [InlineData("{Item}", "42")]
    [InlineData("{Item:X4}", "002A")]
    [InlineData("{Attempt}", "3")]
    [InlineData("{Caller}", "import.ps1:42")]
    [InlineData("{caller,-15}|", "import.ps1:42  |")]
    [InlineData("{attempt:D2}", "03")]
    [InlineData("{Category}", "Db.Import")]
    [InlineData("{Sequence}", "99")]
    [InlineData("{Template}", "disk {Disk} is full")]
    [InlineData("{Exception}", "System.IO.IOException: boom")]
    [InlineData("{Properties}", "{Disk=C:, Count=3, Ratio=0.5, Ok=true, Nothing=, When=2026-03-04T00:00:00.0000000+01:00}")]
    [InlineData("{Disk}", "C:")]
    [InlineData("{disk}", "C:")]
    [InlineData("{Count:D3}", "003")]
    [InlineData("{Ratio}", "0.5")]
    [InlineData("{Ratio:F2}", "0.50")]
    [InlineData("{Ratio:D3}", "0.5")]
    [InlineData("{Ok}", "true")]
    [InlineData("{Nothing}|", "|")]
    [InlineData("{When:yyyy-MM-dd zzz}", "2026-03-04 +01:00")]
    [InlineData("{Absent}|", "|")]
    [InlineData("{{Level}} {{{Level}}}", "{Level} {Warning}")]
    public void Each_token_shows_its_field(string template, string expected)
    {
        var record = new SampleRecord
        {
            Level = LogLevel.Warning,
            Message = "disk C: is full",
            Process = "Worker-7",
            Worker = "W7",
            Item = 42,
            Attempt = 3,
            Caller = "import.ps1:42",
            Sequence = 99,
            Category = "Db.Import",
            Template = "disk {Disk} is full",
            Exception = template == "{Exception}" ? Some.Exception("boom", null) : null,
        };
        record.With("Disk", "C:").With("Count", 3).With("Ratio", 0.5).With("Ok", true).With("Nothing", null)
            .With("When", new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.FromHours(1)));

        Assert.Equal(expected + "\n", Some.Format(template, record));
    }

    [Fact]
    public void The_host_is_this_machine() => Assert.Equal(Environment.MachineName + "\n", Some.Format("{Host}", Some.Record()));

    [Theory]
    [InlineData("[{Worker}{Item}{Attempt}{Category}{Caller}{Template}{Exception}{Properties}]", "[]\n")]
    [InlineData("{Worker}", "\n")]
    public void What_a_record_does_not_have_leaves_nothing(string template, string expected) =>
        Assert.Equal(expected, Some.Format(template, Some.Record()));

    [Theory]
    [InlineData(LogLevel.Trace, "TRC trc Trace")]
    [InlineData(LogLevel.Debug, "DBG dbg Debug")]
    [InlineData(LogLevel.Information, "INF inf Information")]
    [InlineData(LogLevel.Warning, "WRN wrn Warning")]
    [InlineData(LogLevel.Error, "ERR err Error")]
    [InlineData(LogLevel.Critical, "CRI cri Critical")]
    [InlineData((LogLevel)200, "CRI cri Critical")]
    public void Levels_have_three_letter_names(LogLevel level, string expected) =>
        Assert.Equal(expected + "\n", Some.Format("{Level:u3} {Level:w3} {Level}", Some.Record(level: level)));

    [Theory]
    [InlineData("{Process,-6}|", "abc", "abc   |")]
    [InlineData("{Process,6}|", "abc", "   abc|")]
    [InlineData("{Process,3}|", "abc", "abc|")]
    [InlineData("{Process,-2}|", "abc", "abc|")]
    [InlineData("{Process,2}|", "abc", "abc|")]
    [InlineData("{Process,-4}|", "äöü", "äöü |")]
    [InlineData("{Process,4}|", "äöü", " äöü|")]
    [InlineData("{Process,4}|", "😀", "   😀|")]
    [InlineData("{Process,4}|", "", "    |")]
    [InlineData("{Worker,-4}|", "", "    |")]
    [InlineData("{Level,13:u3}|", "", "          INF|")]
    [InlineData("{Pid,-6:D5}|", "", "04711 |")]
    public void A_width_counts_characters_and_never_cuts(string template, string process, string expected) =>
        Assert.Equal(expected + "\n", Some.Format(template, Some.Record(process: process)));

    [Fact]
    public void The_widest_alignment_fits_however_little_room_the_output_offers()
    {
        var text = Some.Format("{Process,1000}{Message}{Worker,-1000}{Absent,1000}|", Some.Record("m"));

        Assert.Equal(new string(' ', 992) + "Worker-1" + "m" + new string(' ', 2000) + "|\n", text);
    }

    [Fact]
    public void A_timestamp_is_never_that_of_the_record_before()
    {
        var formatter = new TemplateFormatter("{Timestamp:HH:mm:ss.fff zzz}");
        var start = new DateTimeOffset(2026, 1, 1, 23, 59, 59, 999, TimeSpan.Zero);

        string At(DateTimeOffset time) => formatter.Format(new SampleRecord { Timestamp = time }).TrimEnd();

        Assert.Equal("23:59:59.999 +00:00", At(start));
        Assert.Equal("23:59:59.999 +00:00", At(start.AddTicks(9999)));
        Assert.Equal("00:00:00.000 +00:00", At(start.AddTicks(10000)));
        Assert.Equal("23:59:59.999 +00:00", At(start.AddTicks(1)));
        Assert.Equal("01:59:59.999 +02:00", At(start.AddTicks(1).ToOffset(TimeSpan.FromHours(2))));
        Assert.Equal("23:59:59.998 +00:00", At(start.AddTicks(-1)));
        Assert.Equal("23:59:59.998 -05:00", At(new DateTimeOffset(start.Ticks - 1, TimeSpan.FromHours(-5))));
    }

    [Fact]
    public void Universal_time_is_the_same_whatever_the_offset()
    {
        var formatter = new TemplateFormatter("{UtcTimestamp:HH:mm:ss} {Timestamp:HH:mm:ss}");
        var noon = new DateTimeOffset(2026, 10, 25, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal("12:00:00 14:00:00\n", formatter.Format(new SampleRecord { Timestamp = noon.ToOffset(TimeSpan.FromHours(2)) }));
        Assert.Equal("12:00:00 06:30:00\n", formatter.Format(new SampleRecord { Timestamp = noon.ToOffset(TimeSpan.FromHours(-5.5)) }));
        Assert.Equal("12:00:01 13:00:01\n", formatter.Format(new SampleRecord { Timestamp = noon.AddSeconds(1).ToOffset(TimeSpan.FromHours(1)) }));
    }

    [Theory]
    [InlineData("# QueueLog: json", " # QueueLog: json\n")]
    [InlineData("# QueueLog:", " # QueueLog:\n")]
    [InlineData("# QueueLog", "# QueueLog\n")]
    [InlineData("## QueueLog:", "## QueueLog:\n")]
    [InlineData("a\n# QueueLog: json", "a\n    # QueueLog: json\n")]
    public void No_entry_can_pass_for_a_line_that_tells_a_format(string message, string expected) =>
        Assert.Equal(expected, Some.Format("{Message}", Some.Record(message)));

    [Theory]
    [InlineData("HH:mm", "15:06", "15:07", 60)]
    [InlineData("HH:mm:ss", "15:06:07", "15:06:08", 1)]
    [InlineData("s", "2026-03-04T15:06:07", "2026-03-04T15:06:08", 1)]
    [InlineData("yyyy", "2026", "2026", 60)]
    public void A_coarse_timestamp_moves_on_too(string format, string before, string after, int seconds)
    {
        var formatter = new TemplateFormatter($"{{Timestamp:{format}}}");
        var time = new SampleRecord().Timestamp;

        Assert.Equal(before + "\n", formatter.Format(new SampleRecord { Timestamp = time }));
        Assert.Equal(after + "\n", formatter.Format(new SampleRecord { Timestamp = time.AddSeconds(seconds) }));
    }

    [Theory]
    [InlineData(long.MinValue, short.MinValue)]
    [InlineData(long.MaxValue, short.MaxValue)]
    [InlineData(0, -840)]
    [InlineData(-1, 0)]
    public void A_nonsensical_time_still_gives_a_line(long ticks, short offset)
    {
        var output = new ByteWriter();
        var record = new RecordView { UtcTicks = ticks, OffsetMinutes = offset, Message = "m"u8 };

        new TemplateFormatter("{Timestamp:yyyy} {Message}").Format(in record, output);

        Assert.Matches("^(0001|9999) m\n$", Encoding.UTF8.GetString(output.Written));
    }

    [Theory]
    [InlineData("{Message}{NewLine}{Category}", "hello\n")]
    [InlineData("{Message}{NewLine}{Process}", "hello\n    Worker-1\n")]
    [InlineData("{Message}{NewLine}{NewLine}{Process} x{NewLine}", "hello\n\n    Worker-1 x\n")]
    [InlineData("{Message}\r\n{Process}", "hello\n    Worker-1\n")]
    [InlineData("{Message}{NewLine}{Worker}{Process}", "hello\n    Worker-1\n")]
    public void What_follows_a_new_line_is_indented_if_there_is_anything(string template, string expected) =>
        Assert.Equal(expected, Some.Format(template, Some.Record()));

    [Fact]
    public void An_exception_follows_below_when_the_template_has_no_place_for_it()
    {
        var record = new SampleRecord { Message = "failed", Exception = Some.Exception("disk\nfull") };

        Assert.Equal(
            "failed\n    System.IO.IOException: disk\n    full\n        at Save, job.ps1: line 7\n        at <ScriptBlock>, job.ps1: line 9\n",
            Some.Format("{Message}", record));
    }

    [Theory]
    [InlineData("{Message} {Exception}", "failed System.IO.IOException: disk full\n        at X\n")]
    [InlineData("{Message}{NewLine}{Exception}", "failed\n    System.IO.IOException: disk full\n        at X\n")]
    public void An_exception_with_a_place_in_the_template_stands_there_and_only_there(string template, string expected) =>
        Assert.Equal(expected, Some.Format(template, new SampleRecord { Message = "failed", Exception = Some.Exception(stackTrace: "at X\n") }));

    [Theory]
    [InlineData("", "full", "full")]
    [InlineData("T", "", "T")]
    public void Half_an_exception_shows_what_there_is(string type, string message, string expected) =>
        Assert.Equal(
            $"m\n    {expected}\n",
            Some.Format("{Message}", new SampleRecord { Message = "m", Exception = new ExceptionInfo(type, message, null) }));

    [Fact]
    public void A_record_too_broken_to_format_leaves_no_bytes()
    {
        var output = new ByteWriter();
        var formatter = new TemplateFormatter("{Message} {Properties}");

        Assert.Throws<ProtocolException>(() =>
        {
            var record = new RecordView { Message = "m"u8, Properties = [1, (byte)'a', 99] };
            formatter.Format(in record, output);
        });

        Assert.Equal(0, output.Length);
    }

    [Theory]
    [InlineData(TemplateFormatter.DefaultTemplate)]
    [InlineData("{Timestamp:O} {UtcTimestamp} {Level,5:u3} {Process,-10} {Pid,6} {Worker} {Item:D4} {Category} {Sequence} {Host} {Exception} {Properties} {Template}{NewLine}{Count:D3} {Message}")]
    public void Formatting_allocates_nothing(string template)
    {
        var formatter = new TemplateFormatter(template);
        var output = new ByteWriter(1 << 20);
        var view = new SampleRecord { Message = "a\nb\u001b–", Exception = Some.Exception(), Item = 3 }.With("Count", 5).With("Text", "x").View;

        // What the runtime allocates while it compiles the code anew is not the code's own, and comes at no certain time.
        var least = long.MaxValue;
        for (var round = 0; round < 20 && least > 0; round++)
        {
            least = Math.Min(least, Run(formatter, in view, output));
        }

        Assert.Equal(0, least);
    }

    private static long Run(TemplateFormatter formatter, in RecordView view, ByteWriter output)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            formatter.Format(in view, output);
        }

        output.Clear();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
