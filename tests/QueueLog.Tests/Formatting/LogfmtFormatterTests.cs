using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Formatting;

public sealed class LogfmtFormatterTests
{
    [Fact]
    public void A_whole_record_is_these_very_bytes()
    {
        var record = SampleRecord.Whole();
        record.With("Item", 3).With("Text", "x");

        Assert.Equal(
            "ts=\"2026-03-04T15:06:07.1234567+02:00\" level=warning msg=\"item 3 of 9\" template=\"item {Item} of {Total}\" process=Worker-1 pid=4711 "
            + "worker=Worker-1 item=3 attempt=2 category=Db.Import seq=12 caller=import.ps1:42 exception_type=System.IO.IOException exception=boom "
            + "stack=\"at X\\nat Y\" _Item=3 Text=x\n",
            new LogfmtFormatter().Format(record));
    }

    [Fact]
    public void What_a_record_does_not_have_is_left_out() =>
        Assert.Equal(
            "ts=\"2026-03-04T15:06:07.1234567+02:00\" level=info msg=\"\"\n",
            new LogfmtFormatter().Format(new SampleRecord { Message = "", Process = "", Pid = 0, Sequence = 0 }));

    [Theory]
    [InlineData(LogLevel.Trace, "trace")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warning")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "critical")]
    public void Levels_are_in_lower_case(LogLevel level, string name) =>
        Assert.Contains($" level={name} ", new LogfmtFormatter().Format(Some.Record(level: level)), StringComparison.Ordinal);

    [Theory]
    [InlineData("plain-._/:+@9", "plain-._/:+@9")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("\"q\" \\", "\"\\\"q\\\" \\\\\"")]
    [InlineData("a\nb\rc\td\u001b", "\"a\\nb\\rc\\td\\u001b\"")]
    [InlineData("é漢😀", "\"é漢😀\"")]
    [InlineData("12", "12")]
    public void A_text_stands_bare_where_nothing_in_it_could_end_it(string message, string written) =>
        Assert.Contains($" msg={written} ", new LogfmtFormatter().Format(Some.Record(message)), StringComparison.Ordinal);

    [Theory]
    [InlineData("level", "_level")]
    [InlineData("__ts", "___ts")]
    [InlineData("", "_")]
    [InlineData("_", "__")]
    [InlineData("Level", "_Level")]
    [InlineData("user.id-x@y_z", "user.id-x@y_z")]
    [InlineData("a b=c\"\\", "a\\u0020b\\u003dc\\u0022\\u005c")]
    [InlineData("Größe", "Größe")]
    [InlineData("€😀", "\\u20ac\\ud83d\\ude00")]
    [InlineData("a\nts", "a\\u000ats")]
    public void A_key_is_one_word_and_never_that_of_a_field(string name, string key) =>
        Assert.EndsWith($" {key}=1\n", new LogfmtFormatter().Format(Some.Record().With(name, 1)), StringComparison.Ordinal);

    [Fact]
    public void What_is_within_a_value_has_keys_of_its_own() =>
        Assert.EndsWith(
            " A.B=x A.C.0=1 A.C.1=null A.D={} E=9.50\n".Replace("{}", "\"{}\"", StringComparison.Ordinal),
            new LogfmtFormatter().Format(Some.Record()
                .With("A", new (string, object?)[] { ("B", "x"), ("C", new object?[] { 1, null }), ("D", Array.Empty<(string, object?)>()) })
                .With("E", new NumberOf("9.5"))),
            StringComparison.Ordinal);

    [Fact]
    public void A_name_that_would_grow_too_long_keeps_its_value_in_one_piece()
    {
        var name = new string('n', 2000);

        Assert.EndsWith($" {name}=\"[1,2]\"\n", new LogfmtFormatter().Format(Some.Record().With(name, new object?[] { 1, 2 })), StringComparison.Ordinal);
    }

    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { true, "true" },
        { -5L, "-5" },
        { 1.0, "1.0" },
        { double.NaN, "NaN" },
        { double.NegativeInfinity, "-Infinity" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-1)), "2026-01-02T03:04:05.0000000-01:00" },
        { "word", "word" },
        { "", "\"\"" },
        { "null", "\"null\"" },
        { "True", "\"True\"" },
        { "NaN", "\"NaN\"" },
        { "Infinity", "\"Infinity\"" },
        { "-Infinity", "\"-Infinity\"" },
        { "12", "\"12\"" },
        { "-1.5E+3", "\"-1.5E+3\"" },
        { ".5", "\".5\"" },
        { "2026-01-02T03:04:05.0000000-01:00", "\"2026-01-02T03:04:05.0000000-01:00\"" },
        { "nullable", "nullable" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void The_kind_of_a_value_can_be_told(object? value, string written) =>
        Assert.EndsWith($" P={written}\n", new LogfmtFormatter().Format(Some.Record().With("P", value)), StringComparison.Ordinal);
}
