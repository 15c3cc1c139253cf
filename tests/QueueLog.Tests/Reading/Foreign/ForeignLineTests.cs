using System.Text;
using QueueLog.Reading;
using QueueLog.Reading.Search;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading.Foreign;

/// <summary>Single lines of other programs whose look deceives.</summary>
public sealed class ForeignLineTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Log => folder.Combine("app.log");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{\"status\":\"200\",\"msg\":\"m\"}", null, "status")]
    [InlineData("{\"status\":0,\"msg\":\"m\"}", null, "status")]
    [InlineData("{\"status\":\"ok\",\"msg\":\"m\"}", null, "status")]
    [InlineData("{\"status\":\"error\",\"msg\":\"m\"}", "Error", "")]
    [InlineData("{\"priority\":1,\"msg\":\"m\"}", null, "priority")]
    [InlineData("{\"PRIORITY\":\"3\",\"MESSAGE\":\"m\"}", "Error", "")]
    [InlineData("{\"level\":\"200\",\"msg\":\"m\"}", null, "level")]
    [InlineData("{\"level\":\"30\",\"msg\":\"m\"}", "Information", "")]
    [InlineData("{\"level\":\"INFO \",\"msg\":\"m\"}", "Information", "")]
    [InlineData("level=info status=1 msg=m", "Information", "status")]
    [InlineData("status=200 msg=m", null, "status")]
    [InlineData("{\"t\":{\"$date\":\"2026-03-04T15:00:00Z\"},\"s\":\"E\",\"c\":\"NETWORK\",\"msg\":\"m\"}", "Error", "")]
    [InlineData("{\"s\":\"E\",\"c\":\"x\",\"msg\":\"m\"}", null, "s,c")]
    [InlineData("{\"time\":\"2026-02-30T15:00:00Z\",\"msg\":\"m\"}", null, "time")]
    [InlineData("{\"t\":123456789,\"msg\":\"m\"}", null, "t")]
    [InlineData("{\"created\":\"2020-01-01T00:00:00Z\",\"msg\":\"m\"}", null, "created")]
    [InlineData("{\"date\":\"2020-01-01\",\"msg\":\"m\"}", null, "date")]
    [InlineData("{\"error\":\"\",\"msg\":\"m\"}", null, "error")]
    [InlineData("{\"stack\":\"prod\",\"msg\":\"m\"}", null, "stack")]
    [InlineData("{\"process\":{\"exit_code\":3},\"exit_code\":4,\"msg\":\"m\"}", null, "process.exit_code,exit_code")]
    [InlineData("{\"log\":\"{\\\"level\\\":\\\"error\\\"}\\n\",\"stream\":\"stdout\",\"x\":1}", "Error", "stream,x")]
    [InlineData("{\"id\":1,\"fields\":{\"id\":2,\"x\":3},\"msg\":\"m\"}", null, "id,fields.id,x")]
    [InlineData("{\"fields\":{\"id\":2,\"x\":3},\"attributes\":{\"x\":{\"y\":1}},\"id\":1,\"msg\":\"m\"}", null, "id,fields.id,x,attributes.x")]
    [InlineData("{\"log\":\"level=error a=b\\n\",\"stream\":\"stdout\"}", "Error", "stream")]
    [InlineData("{\"log\":\"hello\\n\",\"stream\":\"stdout\"}", null, "stream")]
    [InlineData("time=2026-03-04 15:06:07 level=info msg=m", "Information", "")]
    [InlineData("level=info  msg=m\ta=1", "Information", "a")]
    [InlineData("{\"level\":\"info\",\"msg\":\"m\"}  ", "Information", "")]
    [InlineData("{\"level\":\"info\",\"msg\":\"m\",\"x\":\"\\ud800\"}", "Information", "x")]
    [InlineData("{\"PRIORITY\":\"4\",\"MESSAGE\":[109]}", "Warning", "")]
    [InlineData("{\"time_iso8601\":\"2026-03-04T15:00:00Z\",\"status\":\"404\",\"msg\":\"m\"}", null, "status")]
    [InlineData("{\"EventId\":0,\"LogLevel\":\"Warning\",\"Category\":\"C\",\"Message\":\"m\",\"Timestamp\":\"15:06:07 \"}", "Warning", "EventId")]
    public void A_value_is_the_field_of_its_name_or_a_property(string line, string? level, string properties)
    {
        var entry = ReadOne(line);
        Assert.Equal((level, properties), (entry.Level?.ToString(), string.Join(',', entry.Properties.Select(property => property.Name))));
        Assert.Null(entry.Exception);
        if (!line.Contains("\"log\"", StringComparison.Ordinal))
        {
            Assert.Equal("m", entry.Message);
        }
    }

    [Theory]
    [InlineData("ERROR 2026-03-04 15:06:07,123 disk full", "Error", "ERROR 2026-03-04 15:06:07,123 disk full")]
    [InlineData("ERROR [main] 2026-03-04 15:06:07,123 A.java:1 - disk", "Error", "ERROR [main] 2026-03-04 15:06:07,123 A.java:1 - disk")]
    [InlineData("1234:M 04 Mar 2026 15:06:07.123 * Ready", null, "1234:M 04 Mar 2026 15:06:07.123 * Ready")]
    [InlineData("2026-03-04 03:06:07 PM INFO x", "Information", "x")]
    [InlineData("2026-03-04 15:06:07 -5 degrees", null, "-5 degrees")]
    [InlineData("2026-03-04 15:06:07 -1234 units sold", null, "-1234 units sold")]
    [InlineData("2026-03-04 15:06:07 -1200 units sold", null, "-1200 units sold")]
    [InlineData("2026-03-04 15:06:07 -1100 units sold", null, "units sold")]
    [InlineData("2026-03-04T15:06:07-12:00 units sold", null, "units sold")]
    [InlineData("2026-03-04 15:06:07 (main) started", null, "(main) started")]
    [InlineData("2026-03-04 15:06:07 - started", null, "started")]
    [InlineData("2026-03-04 15:06:07 Using CRI runtime", null, "Using CRI runtime")]
    [InlineData("2026-03-04 15:06:07 ALL systems go", null, "ALL systems go")]
    [InlineData("2026-03-04 15:06:07 config error found", null, "config error found")]
    [InlineData("2026-03-04 15:06:07|Error|My.Logger|failed", "Error", "Error|My.Logger|failed")]
    [InlineData("2026-03-04 15:06:07\terror\tmain.go:1\tfailed", "Error", "error\tmain.go:1\tfailed")]
    [InlineData("2026-03-04 15:06:07,Error,foo", "Error", "Error,foo")]
    [InlineData("2026-03-04 15:06:07 stdout F {\"level\":\"error\",\"m\":\"INFO\"}", "Error", "stdout F {\"level\":\"error\",\"m\":\"INFO\"}")]
    [InlineData("[2026-03-04 15:06:07 +0200] [1234] [ERROR] oops", "Error", "oops")]
    [InlineData("[15:06:07 WRN] careful", "Warning", "careful")]
    [InlineData("[2026-03-04T13:06:07Z INFO  my::module] hello", "Information", "hello")]
    [InlineData("2026-03-04 15:06:07,123 [INFO ] [main] com.foo.Bar: m", "Information", "m")]
    [InlineData("[2026-03-04T15:06:07,123][INFO ][o.e.n.Node   ] [node-1] started", "Information", "[node-1] started")]
    [InlineData("15:06:07.123 [main] INFO  com.foo.Bar -- m", "Information", "m")]
    [InlineData("2026-03-04 15:06:07 [main] [ERROR] com.foo.Bar - m", "Error", "m")]
    [InlineData("2026-03-04 15:06:07 ERROR Timeout: server 3", "Error", "Timeout: server 3")]
    [InlineData("2026-03-04 15:06:07.123 +02:00 [ERR] no", "Error", "no")]
    [InlineData("2026-03-04T13:06:07.123456Z 0 [Warning] [MY-010068] [Server] CA cert", "Warning", "[MY-010068] [Server] CA cert")]
    [InlineData("W, [2026-03-04T15:06:07.123456 #12]  WARN -- : careful", "Warning", "careful")]
    [InlineData("[GIN] 2026/03/04 - 15:06:07 | 503 |  1.2ms |   127.0.0.1 | GET \"/\"", "Error", "GET \"/\"")]
    [InlineData("INFO:     127.0.0.1:5 - \"GET / HTTP/1.1\" 200 OK", "Information", "127.0.0.1:5 - \"GET / HTTP/1.1\" 200 OK")]
    [InlineData("<11>1 2026-03-04T13:06:07Z box app 1 - [a x=\"b\\]c\"][d e=\"f\"] \ufeffmsg", "Error", "msg")]
    public void A_line_keeps_its_level_and_its_message(string line, string? level, string message)
    {
        var entry = ReadOne(line);
        Assert.Equal((level, message), (entry.Level?.ToString(), entry.Message));
        Assert.Equal(line.StartsWith("INFO:", StringComparison.Ordinal), entry.Timestamp is null);
        Assert.Null(entry.Pid is 0 ? entry.Pid : null);
    }

    [Fact]
    public void A_number_keeps_its_digits() => Assert.Equal("18446744073709551615", $"{ReadOne("{\"msg\":\"m\",\"id\":18446744073709551615}").Properties["id"]}");

    [Fact]
    public void A_text_without_a_type_is_the_message_of_an_exception()
    {
        var entry = ReadOne("level=error msg=m error=boom");
        Assert.Equal(("", "boom"), (entry.Exception!.Type, entry.Exception.Message));
    }

    [Theory]
    [InlineData("01/03/2026 10:00:00 x|12/03/2026 10:00:00 x|13/03/2026 10:00:00 x", "2026-03-01,2026-03-12,2026-03-13", 13)]
    [InlineData("01/03/2026 10:00:00 x|02/03/2026 10:00:00 x|03/03/2026 10:00:00 x", "2026-03-01,2026-03-02,2026-03-03", 20)]
    [InlineData("03/01/2026 10:00:00 x|03/02/2026 10:00:00 x|03/03/2026 10:00:00 x", "2026-03-01,2026-03-02,2026-03-03", 20)]
    [InlineData("26/03/04 10:00:00 INFO x|26/03/04 10:00:01 INFO x", "2026-03-04,2026-03-04", 20)]
    [InlineData("04.03.26 10:00:00 x", "2026-03-04", 20)]
    [InlineData("01/03/2026 10:00:00 x|01/03/2026 10:00:01 x", ",", 20)]
    [InlineData("01/03/2026 10:00:00 x|01/03/2026 10:00:01 x", "2026-03-01,2026-03-01", 1)]
    [InlineData("{\"time\":\"02/03/2026 10:00:00\",\"msg\":\"m\"}|{\"time\":\"03/03/2026 10:00:00\",\"msg\":\"m\"}", "2026-03-02,2026-03-03", 20)]
    public void Dates_of_numbers_have_one_order_in_a_file_or_are_none(string lines, string dates, int lastWrite)
    {
        Write(lines.Replace('|', '\n') + "\n", new DateTime(2026, 3, lastWrite, 12, 0, 0, DateTimeKind.Utc));
        Assert.Equal(dates, string.Join(',', LogFixture.Read(Log).Select(entry => $"{entry.Timestamp:yyyy-MM-dd}")));
    }

    [Fact]
    public void Those_chosen_by_level_are_those_that_have_it_wherever_a_line_says_it()
    {
        string[] lines =
        [
            "{\"level\":\"info\",\"msg\":\"m\"}", "{\"level\":50,\"msg\":\"m\"}", "{\"msg\":\"m\",\"level\":\"error\"}", "{\"severity\":\"error\",\"level\":\"info\"}", "{\"level\":\"info\",\"severity\":\"error\"}",
            "{\"level\":\"none of these\",\"severity\":\"error\"}", "{\"level\":\"error\",\"level\":\"info\"}", "{\"status\":\"error\",\"level\":\"info\"}", "{\"a\":{\"level\":\"info\"},\"level\":\"error\"}", "{\"fields\":{\"level\":\"error\"}}",
            "{\"level\":{\"name\":\"error\"},\"msg\":\"m\"}", "{\"l\\u0065vel\":\"error\",\"msg\":\"m\"}", "{\"level\":\"err\\u006fr\",\"msg\":\"m\"}", "{\"log\":\"ERROR no luck\"}", "{\"level\":\"error\",\"msg\":", "{\"level\":\"info\",\"msg\":", "error", "  {\"level\":\"error\"} ",
        ];

        // So many of the first that a level is not sought in the quick way any more, and none.
        foreach (var without in new[] { 0, 50 })
        {
            Write(string.Concat(Enumerable.Repeat("{\"severity\":\"warn\",\"msg\":\"m\"}\n", without)) + string.Join('\n', Enumerable.Repeat(lines, 9).SelectMany(line => line)) + "\n");
            foreach (var level in Enum.GetValues<LogLevel>())
            {
                var query = new LogQuery { Filter = new EntryFilter { Levels = EntryFilter.BitOf(level) } };
                Assert.Equal(LogFixture.Read(Log).Where(entry => entry.Level == level).Select(entry => entry.Offset), LogFixture.Read(Log, query).Select(entry => entry.Offset));
            }
        }
    }

    [Fact]
    public void A_file_of_ours_is_one_whatever_its_first_line()
    {
        string[] json = ["{\"@t\":\"2026-03-04T13:00:00Z\",\"@m\":\"a\",\"@l\":\"Error\"}", "{\"@t\":\"2026-03-04T13:00:00Z\",\"@m\":\"b\",\"@l\":\"Error\"}"];
        const string Csv = "2026-03-04T15:00:00.0000000+02:00,Error,p,1,,,,,7,,m,,,,,";
        const string Logfmt = "ts=2026-03-04T15:00:00.0000000+02:00 level=error msg=m process=p";
        foreach (var (format, line) in new[] { ("json", json[0]), ("csv", Csv), ("logfmt", Logfmt) })
        {
            Write($"a banner\n{line}\n{line}\n{line}\n");
            var entries = LogFixture.Read(Log, new LogQuery { Filter = new EntryFilter { Levels = EntryFilter.BitOf(LogLevel.Error) } });
            Assert.Equal([format, format, format], entries.Select(entry => entry.Format));
        }
    }

    [Fact]
    public void Columns_that_are_named_anew_hold_for_what_is_below_them()
    {
        string Row(int i) => $"2026-03-04 13:{i / 60:00}:{i % 60:00} {(i < 100 ? "200 GET" : "GET 500")}\n";
        Write("#Fields: date time sc-status cs-method\n" + string.Concat(Enumerable.Range(0, 100).Select(Row))
            + "#Fields: date time cs-method sc-status\n" + string.Concat(Enumerable.Range(100, 100).Select(Row)));
        Assert.Equal([LogLevel.Error, LogLevel.Error], LogFixture.Read(Log, new LogQuery { Tail = 2 }).Select(entry => entry.Level!.Value));
        var errors = LogFixture.Read(Log, new LogQuery { Pattern = new EntryPattern("500", ignoreCase: false) });
        Assert.All(errors, entry => Assert.Equal(LogLevel.Error, entry.Level));
        Assert.Equal(100, errors.Length);
    }

    [Theory]
    [InlineData("2026-03-04 15:00:00,000 ERROR [main] \nfurther", "further")]
    [InlineData("2026-03-04 15:00:00,000 ERROR [main] it broke\nfurther", "it broke\nfurther")]
    [InlineData("2026-03-04 15:00:00,000 ERROR [main] it \u00ff broke\nfurther", "it \ufffd broke\nfurther")]
    public void Further_lines_stay_whatever_the_message(string lines, string message)
    {
        File.WriteAllBytes(Log, Encoding.Latin1.GetBytes("2026-03-04 15:00:00,000 INFO [main] a.B: x\n" + lines + "\n"));
        Assert.Equal(message, LogFixture.Read(Log)[1].Message);
    }

    [Fact]
    public void What_begins_with_a_time_begins_an_entry()
    {
        Write(string.Concat(Enumerable.Repeat("2026-03-04 15:00:00,000 INFO [main] a.B: x\n", 20)) + "2026-03-04 15:00:01,000 STATUS [main] y\n2026-03-04 15:00:02,000 DBG [main] a.B: z\n");
        var entries = LogFixture.Read(Log)[19..];
        Assert.Equal(["x", "STATUS [main] y", "z"], entries.Select(entry => entry.Message));
        Assert.Equal([LogLevel.Information, null, LogLevel.Debug], entries.Select(entry => entry.Level));
        Assert.All(entries, entry => Assert.NotNull(entry.Timestamp));
    }

    [Fact]
    public void A_long_line_is_an_entry_wherever_it_stands()
    {
        var text = new string('x', 100_000);
        Write($"2026-03-04 15:00:00,000 INFO [main] a.B: x\n2026-03-04 15:00:01,000 WARN [main] a.B: {text}\n2026-03-04 15:00:02,000 INFO [main] a.B: y\n");
        Assert.Equal(["x", text, "y"], LogFixture.Messages(Log));
    }

    [Fact]
    public void Lines_without_a_mark_may_be_half_of_a_file()
    {
        Write(string.Concat(Enumerable.Range(0, 20).Select(i => $"2026-03-04 15:00:{i:00},000 DEBUG [main] a.Sql: select\nfrom t\nwhere x\n")));
        var entries = LogFixture.Read(Log);
        Assert.Equal(20, entries.Length);
        Assert.All(entries, entry => Assert.Equal(("log4j", "select\nfrom t\nwhere x"), (entry.Format, entry.Message)));
    }

    private LogEntry ReadOne(string line)
    {
        Write(line + "\n");
        var entry = Assert.Single(LogFixture.Read(Log));
        Assert.False(entry.IsRaw, line);
        return entry;
    }

    private void Write(string text, DateTime? lastWrite = null)
    {
        File.WriteAllText(Log, text, new UTF8Encoding(false));
        File.SetLastWriteTimeUtc(Log, lastWrite ?? LogFixture.Start.UtcDateTime.AddDays(1));
    }
}
