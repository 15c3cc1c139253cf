using System.Text;
using System.Text.Json;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Formatting;

public sealed class JsonFormatterTests
{
    [Fact]
    public void A_whole_record_is_these_very_bytes()
    {
        var record = SampleRecord.Whole();
        record.With("Item", 3).With("Total", 9);

        Assert.Equal(
            """
            {"@t":"2026-03-04T15:06:07.1234567+02:00","@m":"item 3 of 9","@mt":"item {_Item} of {Total}","@l":"Warning","@x":"System.IO.IOException: boom\nat X\nat Y","Process":"Worker-1","Pid":4711,"Worker":"Worker-1","Item":3,"Attempt":2,"SourceContext":"Db.Import","Sequence":12,"Caller":"import.ps1:42","ExceptionType":"System.IO.IOException","ExceptionMessage":"boom","_Item":3,"Total":9}

            """.ReplaceLineEndings("\n"),
            new JsonFormatter().Format(record));
    }

    [Fact]
    public void What_a_record_does_not_have_is_left_out() =>
        Assert.Equal(
            "{\"@t\":\"2026-03-04T15:06:07.1234567+02:00\",\"@m\":\"\"}\n",
            new JsonFormatter().Format(new SampleRecord { Message = "", Process = "", Pid = 0, Sequence = 0 }));

    [Fact]
    public void A_record_has_the_sender_it_is_of_whoever_the_last_was_of()
    {
        var formatter = new JsonFormatter();
        var tooLong = new string('x', 200);
        foreach (var (process, pid, worker) in ((string, int, string)[])[("a", 1, ""), ("a", 1, "w"), ("b", 1, "w"), ("b", 2, "w"), ("b", 2, "w"), ("bw", 2, ""), ("", 2, "bw"), (tooLong, 2, "bw"), ("b", 2, tooLong), ("b", 2, "\u0001"), ("b", 2, "\u0001"), ("", 0, ""), ("", 0, ""), ("a", 1, "")])
        {
            using var json = JsonDocument.Parse(formatter.Format(new SampleRecord { Process = process, Pid = pid, Worker = worker }));

            Assert.Equal(process, TextOf("Process"));
            Assert.Equal(worker, TextOf("Worker"));
            Assert.Equal(pid, json.RootElement.TryGetProperty("Pid", out var number) ? number.GetInt32() : 0);

            string TextOf(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString()! : "";
        }
    }

    [Theory]
    [InlineData(LogLevel.Trace, "Verbose")]
    [InlineData(LogLevel.Debug, "Debug")]
    [InlineData(LogLevel.Information, null)]
    [InlineData(LogLevel.Warning, "Warning")]
    [InlineData(LogLevel.Error, "Error")]
    [InlineData(LogLevel.Critical, "Fatal")]
    public void Levels_have_Serilogs_names(LogLevel level, string? name)
    {
        using var json = Parse(Some.Record(level: level));

        Assert.Equal(name, json.RootElement.TryGetProperty("@l", out var value) ? value.GetString() : null);
    }

    [Theory]
    [InlineData("@t", "@@t")]
    [InlineData("@@t", "@@@t")]
    [InlineData("Item", "_Item")]
    [InlineData("_Item", "__Item")]
    [InlineData("__SourceContext", "___SourceContext")]
    [InlineData("item", "_item")]
    [InlineData("items", "items")]
    [InlineData("_Other", "_Other")]
    [InlineData("Item_", "Item_")]
    [InlineData("", "")]
    [InlineData("a \"b\"\\\n", "a \\\"b\\\"\\\\\\n")]
    public void A_property_never_has_the_name_of_a_field(string name, string written) =>
        Assert.EndsWith($",\"{written}\":1}}\n", new JsonFormatter().Format(Some.Record().With(name, 1)), StringComparison.Ordinal);

    [Theory]
    [InlineData("TraceId", "0af7651916cd43dd8448eb211c80319c", ",\"@tr\":\"0af7651916cd43dd8448eb211c80319c\"}\n")]
    [InlineData("SpanId", "b7ad6b7169203331", ",\"@sp\":\"b7ad6b7169203331\"}\n")]
    [InlineData("TraceId", "mine", ",\"TraceId\":\"mine\"}\n")]
    [InlineData("SpanId", 5, ",\"SpanId\":5}\n")]
    public void The_ids_of_a_trace_have_names_of_the_compact_format(string name, object value, string end) =>
        Assert.EndsWith(end, new JsonFormatter().Format(Some.Record().With(name, value)), StringComparison.Ordinal);

    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { true, "true" },
        { false, "false" },
        { long.MinValue, "-9223372036854775808" },
        { 1.0, "1.0" },
        { -0.0, "-0.0" },
        { 0.1, "0.1" },
        { 1e300, "1E+300" },
        { 123456789012345680.0, "1.2345678901234568E+17" },
        { double.NaN, "\"NaN\"" },
        { double.PositiveInfinity, "\"Infinity\"" },
        { double.NegativeInfinity, "\"-Infinity\"" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-1)), "\"2026-01-02T03:04:05.0000000-01:00\"" },
        { new NumberOf("9.5"), "9.50" },
        { new NumberOf("10.0"), "10.00" },
        { new NumberOf("18446744073709551615"), "18446744073709551615" },
        { new object?[] { 1, "a", null, Array.Empty<object?>() }, "[1,\"a\",null,[]]" },
        { new (string, object?)[] { ("Path", "/x\""), ("@t", 1.0), ("Item", Array.Empty<(string, object?)>()), ("a", 1), ("A", 2) }, "{\"Path\":\"/x\\\"\",\"@t\":1.0,\"Item\":{},\"a\":1,\"A_2\":2}" },
        { "1", "\"1\"" },
        { "NaN", "\"\\u004eaN\"" },
        { "-Infinity", "\"\\u002dInfinity\"" },
        { "nan", "\"nan\"" },
        { "2026-01-02T03:04:05.0000000-01:00", "\"\\u0032026-01-02T03:04:05.0000000-01:00\"" },
        { "2026-01-02T03:04:05Z", "\"2026-01-02T03:04:05Z\"" },
        { "é-- --- -- T------------------", "\"é-- --- -- T------------------\"" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void The_kind_of_a_value_can_be_told(object? value, string written) =>
        Assert.EndsWith($",\"P\":{written}}}\n", new JsonFormatter().Format(Some.Record().With("P", value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"quoted\" \\ back", "\\\"quoted\\\" \\\\ back")]
    [InlineData("a\n\r\tb", "a\\n\\r\\tb")]
    [InlineData("\u001b[31m\0\u007f\u0085\u009f\u00a0", "\\u001b[31m\\u0000\\u007f\\u0085\\u009f\u00a0")]
    [InlineData("\u2027\u2028\u2029\u202a\u202f\u2066", "\u2027\\u2028\\u2029\\u202a\u202f\\u2066")]
    [InlineData("漢字 😀 é", "漢字 😀 é")]
    public void No_text_leaves_its_quotes_or_steers_a_terminal(string message, string written) =>
        Assert.Contains($"\"@m\":\"{written}\",", new JsonFormatter().Format(Some.Record(message)), StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_text_become_replacement_characters()
    {
        using var json = Parse(new SampleRecord { MessageBytes = [(byte)'a', 0xFF, (byte)'"', 0xC2, (byte)'\n', 0xE2, 0x80] });

        Assert.Equal("a\uFFFD\"\uFFFD\n\uFFFD", json.RootElement.GetProperty("@m").GetString());
    }

    [Theory]
    [InlineData(0, 0, "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData(1, 0, "0001-01-01T00:00:00.0000001+00:00")]
    [InlineData(long.MinValue, 0, "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData(long.MaxValue, short.MaxValue, "9999-12-31T23:59:59.9999999+00:00")]
    public void The_ends_of_time_have_their_text(long ticks, short offset, string expected)
    {
        var output = new ByteWriter();
        var record = new RecordView { UtcTicks = ticks, OffsetMinutes = offset, Level = LogLevel.Information, Item = -1 };

        new JsonFormatter().Format(in record, output);

        Assert.Equal($"{{\"@t\":\"{expected}\",\"@m\":\"\"}}\n", Encoding.UTF8.GetString(output.Written));
    }

    [Fact]
    public void A_timestamp_is_never_that_of_the_record_before()
    {
        var formatter = new JsonFormatter();
        var start = new DateTimeOffset(2026, 1, 1, 23, 59, 59, TimeSpan.Zero).AddTicks(9_999_998);
        foreach (var time in new[] { start, start.AddTicks(1), start.AddTicks(2), start, start.ToOffset(TimeSpan.FromHours(2)), start.AddSeconds(-1), start.AddTicks(-9_999_998) })
        {
            Assert.StartsWith($"{{\"@t\":\"{time:O}\"", formatter.Format(new SampleRecord { Timestamp = time }), StringComparison.Ordinal);
        }
    }

    private static JsonDocument Parse(SampleRecord record) => JsonDocument.Parse(new JsonFormatter().Format(record));
}
