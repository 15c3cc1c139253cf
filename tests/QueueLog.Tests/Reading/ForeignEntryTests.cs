using System.Text;
using QueueLog.Reading;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Reading;

/// <summary>What other programs write in the formats that are not ours alone.</summary>
public sealed class ForeignEntryTests
{
    [Fact]
    public void An_event_of_Serilogs_is_a_record()
    {
        var entry = new JsonEntryParser().Parse("""{"@t":"2026-11-25T14:03:05Z","@mt":"user {Name}","@l":"Fatal","@x":"System.Exception: no\n   at X()","@i":"a1","Name":"Ann","Tags":["a",1],"Size":1.0}"""u8);
        Assert.Equal(EntryState.Record, entry.State);
        Assert.Equal(new DateTimeOffset(2026, 11, 25, 14, 3, 5, TimeSpan.Zero).UtcTicks, entry.Record.UtcTicks);
        Assert.Equal(LogLevel.Critical, entry.Record.Level);
        Assert.Equal("user \"Ann\"", Encoding.UTF8.GetString(entry.Record.Message));
        Assert.Equal("user {Name}", Encoding.UTF8.GetString(entry.Record.Template));
        Assert.Equal("System.Exception", Encoding.UTF8.GetString(entry.Record.ExceptionType));
        Assert.Equal("no", Encoding.UTF8.GetString(entry.Record.ExceptionMessage));
        Assert.Equal("   at X()", Encoding.UTF8.GetString(entry.Record.ExceptionStackTrace));
        var properties = entry.Record.ReadProperties();
        var shown = new List<string>();
        while (properties.Read())
        {
            shown.Add($"{Encoding.UTF8.GetString(properties.Name)} {properties.Kind} {PropertyValue.Of(in properties)}");
        }

        Assert.Equal(["@i Text a1", "Name Text Ann", "Tags List System.Object[]", "Size Double 1"], shown);
    }

    [Theory]
    [InlineData("{\"@t\":\"2026-11-25T14:03:05Z\",\"@m\":\"x", "Torn")]
    [InlineData("{\"@t\":\"2026-11-25T14:03:05Z\",\"@m\":\"x\"", "Torn")]
    [InlineData("{\"@t\":\"no time\",\"@m\":\"x\"}", "Torn")]
    [InlineData("{\"@t\":\"2026-11-25T14:03:05Z\",\"@m\":\"\\ud800\"}", "Torn")]
    [InlineData("{\"@t\":\"2026-11-25T14:03:05Z\"}{}", "Torn")]
    [InlineData("{\"time\":1}", "Raw")]
    [InlineData("hello", "Raw")]
    [InlineData("{}", "Raw")]
    [InlineData("", "Raw")]
    public void What_is_no_event_is_torn_or_raw(string line, string state) =>
        Assert.Equal(state, new JsonEntryParser().Parse(Encoding.UTF8.GetBytes(line)).State.ToString());

    [Theory]
    [InlineData("ts=2026-11-25T14:03:05Z level=warn msg=hello ok user=ann", "Record")]
    [InlineData("ts=2026-11-25T14:03:05Z level=info msg=\"hel", "Torn")]
    [InlineData("ts=2026-11-25T14:03:05Z level=info msg=\"a\"b", "Torn")]
    [InlineData("ts=", "Torn")]
    [InlineData("level=info msg=x", "Raw")]
    [InlineData("", "Raw")]
    public void Logfmt_is_a_record_torn_or_raw(string line, string state) =>
        Assert.Equal(state, new LogfmtEntryParser().Parse(Encoding.UTF8.GetBytes(line)).State.ToString());

    [Theory]
    [InlineData("2026-11-25T14:03:05.0000000+01:00,Warning,p,1,,,,,7,,\"a, \"\"b\"\"\",,,,,", "Record")]
    [InlineData("2026-11-25T14:03:05.0000000+01:00,Warning,p,1,,,,,7,,\"a, b", "Torn")]
    [InlineData("2026-11-25T14:03:05.0000000+01:00,Warning", "Torn")]
    [InlineData("2026-11-25T14:03:05.0000000+01:00,Warning,p,1,,,,,7,,x,,,,,,more", "Torn")]
    [InlineData("hello", "Raw")]
    [InlineData("", "Raw")]
    public void Csv_is_a_record_torn_or_raw(string line, string state) =>
        Assert.Equal(state, new CsvEntryParser().Parse(Encoding.UTF8.GetBytes(line)).State.ToString());

    [Fact]
    public void Columns_may_stand_in_another_order()
    {
        var parser = new CsvEntryParser();
        Assert.True(parser.IsHeading("Timestamp,Level,Message,Colour,Pid"u8));
        var entry = parser.Parse("2026-11-25T14:03:05.0000000+01:00,Error,hello,red,12"u8);
        Assert.Equal(EntryState.Record, entry.State);
        Assert.Equal(12, entry.Record.Pid);
        Assert.Equal("hello", Encoding.UTF8.GetString(entry.Record.Message));
    }
}
