using System.Text;
using QueueLog.Formatting;
using QueueLog.Reading;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Reading;

public sealed class TextEntryTests
{
    private static readonly SampleRecord Sample = new SampleRecord
    {
        Timestamp = new DateTimeOffset(2026, 3, 4, 15, 6, 7, TimeSpan.FromHours(2)).AddTicks(1230000),
        Level = LogLevel.Warning,
        Message = "disk 3 of 9 is full: move on",
        Template = "disk {Disk} of {Total} is full",
        Category = "Db.Import",
        Process = "Worker-1",
        Worker = "Worker-1",
        Caller = "job.ps1:7",
        Pid = 4711,
        Item = 12,
        Attempt = 2,
        Sequence = 345,
    }.With("Disk", 3).With("Total", 9L);

    // What each template shows is read back; what it does not show is empty.
    [Theory]
    [InlineData(TemplateFormatter.DefaultTemplate, "TLMP")]
    [InlineData("{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} [{Level:u3}] {Message}", "TLM")]
    [InlineData("{Timestamp:O}|{Level:w3}|{Pid}|{Sequence}|{Message}", "TLMIS")]
    [InlineData("{UtcTimestamp} {Message}", "TM")]
    [InlineData("{UtcTimestamp:yyyyMMddHHmmssfff} {Message}", "TM")]
    [InlineData("{Timestamp:dd MMM yyyy h:mm:ss.fff tt} {Level,11} {Message}", "TLM")]
    [InlineData("{Level,-11}{Timestamp:yyyy-MM-dd HH:mm:ss.fff}: {Message}", "TLM")]
    [InlineData("{Level,11} {Process,-20}{Worker,12} {Category,-3} {Message}", "LMPWC")]
    [InlineData("{Pid,8} {Sequence:D6} {Item}/{Attempt} {Caller} {Category} - {Message}", "MISNAKC")]
    [InlineData("{Sequence:n0},{Pid:D8},{Message}", "MIS")]
    [InlineData("{Message} [{Category}] {Level}", "LMC")]
    [InlineData("{{{Process}}} <{Message}>", "MP")]
    [InlineData("{Host} {Process} {Message}", "MP")]
    [InlineData("{Process}{NewLine}{Level} {Message}", "LMP")]
    [InlineData("{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Message}{NewLine}{Properties}", "TMX")]
    [InlineData("{Message} {Properties}", "MX")]
    [InlineData("{Disk}:{Total}: {Message}", "MX")]
    public void What_a_template_shows_is_read_back(string template, string fields)
    {
        var entry = Parse(template, Sample);
        var record = entry.Record;
        Assert.Equal(EntryState.Record, entry.State);
        Assert.Equal("disk 3 of 9 is full: move on", Encoding.UTF8.GetString(record.Message));
        AssertField('T', Sample.Timestamp.UtcTicks, entry.Has(EntryFields.Timestamp) ? record.UtcTicks : null);
        AssertField('L', LogLevel.Warning, entry.Has(EntryFields.Level) ? record.Level : null);
        AssertField('I', 4711, entry.Has(EntryFields.Pid) ? record.Pid : null);
        AssertField('S', 345L, entry.Has(EntryFields.Sequence) ? record.Sequence : null);
        AssertField('N', 12L, record.Item < 0 ? null : record.Item);
        AssertField('A', 2, record.Attempt == 0 ? null : record.Attempt);
        AssertText('P', "Worker-1", record.Process);
        AssertText('W', "Worker-1", record.Worker);
        AssertText('C', "Db.Import", record.Category);
        AssertText('K', "job.ps1:7", record.Caller);
        var properties = record.ReadProperties();
        var shown = new List<string>();
        while (properties.Read())
        {
            shown.Add($"{Encoding.UTF8.GetString(properties.Name)}={PropertyValue.Of(in properties)}");
        }

        Assert.Equal(fields.Contains('X') ? ["Disk=3", "Total=9"] : [], shown);

        void AssertField<T>(char field, T expected, T? actual)
            where T : struct => Assert.Equal(fields.Contains(field) ? expected : null, actual);

        void AssertText(char field, string expected, ReadOnlySpan<byte> actual) =>
            Assert.Equal(fields.Contains(field) ? expected : "", Encoding.UTF8.GetString(actual));
    }

    [Theory]
    [InlineData(TemplateFormatter.DefaultTemplate)]
    [InlineData("{Timestamp:O} {Message}{NewLine}{Exception}")]
    [InlineData("{Timestamp:O} {Message} {Exception}")]
    [InlineData("{Timestamp:O} [{Level:u3}] {Message} ({Process})")]
    public void An_exception_is_told_from_the_message_with_its_lines(string template)
    {
        var record = new SampleRecord
        {
            Message = "first line\nsecond line",
            Exception = new ExceptionInfo("System.IO.IOException", "disk full", "at Save, job.ps1: line 7\nat <ScriptBlock>, job.ps1: line 9"),
        };
        var entry = Parse(template, record);
        Assert.Equal("first line\nsecond line", Encoding.UTF8.GetString(entry.Record.Message));
        Assert.True(entry.Record.HasException);
        Assert.Equal("System.IO.IOException", Encoding.UTF8.GetString(entry.Record.ExceptionType));
        Assert.Equal("disk full", Encoding.UTF8.GetString(entry.Record.ExceptionMessage));
        Assert.Equal(record.Exception.StackTrace, Encoding.UTF8.GetString(entry.Record.ExceptionStackTrace));
    }

    [Fact]
    public void Further_lines_of_a_message_are_no_exception()
    {
        var entry = Parse(TemplateFormatter.DefaultTemplate, new SampleRecord { Message = "rows:\nDb.Import: 3\n  indented\n\nlast" });
        Assert.False(entry.Record.HasException);
        Assert.Equal("rows:\nDb.Import: 3\n  indented\n\nlast", Encoding.UTF8.GetString(entry.Record.Message));
    }

    [Fact]
    public void A_longer_name_than_its_width_is_read_whole()
    {
        var entry = Parse(TemplateFormatter.DefaultTemplate, new SampleRecord { Process = "a rather long name", Message = "Error is a word" });
        Assert.Equal("a rather long name", Encoding.UTF8.GetString(entry.Record.Process));
        Assert.Equal("Error is a word", Encoding.UTF8.GetString(entry.Record.Message));
    }

    [Fact]
    public void What_would_have_been_a_heading_is_read_as_the_entry_it_is()
    {
        var entry = Parse("{Message}", new SampleRecord { Message = "# QueueLog: json" });
        Assert.Equal("# QueueLog: json", Encoding.UTF8.GetString(entry.Record.Message));
    }

    [Theory]
    [InlineData("plain text of a program", "Raw")]
    [InlineData("2026-03-04 15:06:07,123 Work", "Torn")]
    [InlineData("2026-03-04 15:06:07,123 Worker-1   Unknown     x", "Torn")]
    [InlineData("2026-13-04 15:06:07,123 Worker-1   Information x", "Raw")]
    [InlineData("", "Raw")]
    public void What_does_not_fit_the_template_is_torn_or_raw(string line, string state)
    {
        var entry = new TextEntryParser(TemplateFormatter.DefaultTemplate, LogFixture.Placer(DateTime.MaxValue)).Parse(Encoding.UTF8.GetBytes(line));
        Assert.Equal(state, entry.State.ToString());
        Assert.Equal(line, Encoding.UTF8.GetString(entry.Record.Message));
    }

    [Fact]
    public void Times_without_an_offset_are_local_and_those_without_a_date_are_of_the_last_day()
    {
        var latest = new DateTime(2026, 3, 4, 12, 0, 0);
        var parser = new TextEntryParser("{Timestamp:HH:mm} {Message}", LogFixture.Placer(latest));
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 11, 30, 0, TimeSpan.FromHours(2)).UtcTicks, parser.Parse("11:30 x"u8).Record.UtcTicks);
        Assert.Equal(new DateTimeOffset(2026, 3, 3, 23, 59, 0, TimeSpan.FromHours(2)).UtcTicks, parser.Parse("23:59 x"u8).Record.UtcTicks);
    }

    [Fact]
    public void A_template_of_many_loose_texts_is_given_up_and_not_tried_for_ever()
    {
        var template = string.Concat(Enumerable.Repeat("{Process} {Category} ", 40)) + "{Level}";
        var parser = new TextEntryParser(template, LogFixture.Placer(DateTime.MaxValue));
        Assert.Equal(EntryState.Raw, parser.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a ", 20_000)))).State);
    }

    private static EntryView Parse(string template, SampleRecord record)
    {
        var parser = new TextEntryParser(template, LogFixture.Placer(new DateTime(2026, 12, 31)));
        var text = Encoding.UTF8.GetBytes(Some.Format(template, record));
        Assert.Equal((byte)'\n', text[^1]);
        return parser.Parse(text.AsSpan(0, text.Length - 1));
    }
}
