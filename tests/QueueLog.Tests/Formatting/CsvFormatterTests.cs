using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Formatting;

public sealed class CsvFormatterTests
{
    [Fact]
    public void A_whole_record_is_these_very_bytes()
    {
        var record = SampleRecord.Whole("item 3, \"of\" 9");
        record.With("Item", 3).With("Text", "a\"\n").With("@x", null);

        Assert.Equal(
            "2026-03-04T15:06:07.1234567+02:00,Warning,Worker-1,4711,Worker-1,3,2,Db.Import,12,import.ps1:42,\"item 3, \"\"of\"\" 9\",item {Item} of {Total},"
            + "System.IO.IOException,boom,at X\\u000aat Y,\"{\"\"Item\"\":3,\"\"Text\"\":\"\"a\\\"\"\\n\"\",\"\"@@x\"\":null}\"\n",
            new CsvFormatter().Format(record));
    }

    [Fact]
    public void What_is_within_a_value_has_names_of_its_own() =>
        Assert.EndsWith(
            ",\"{\"\"A.B\"\":\"\"x\"\",\"\"A.C.0\"\":1}\"\n",
            new CsvFormatter().Format(Some.Record().With("A", new (string, object?)[] { ("B", "x"), ("C", new object?[] { 1 }) })),
            StringComparison.Ordinal);

    [Fact]
    public void What_a_record_does_not_have_is_empty() =>
        Assert.Equal(
            "2026-03-04T15:06:07.1234567+02:00,Information,,,,,,,,,,,,,,\n",
            new CsvFormatter().Format(new SampleRecord { Message = "", Process = "", Pid = 0, Sequence = 0 }));

    [Fact]
    public void There_is_a_column_for_each_field() =>
        Assert.Equal(FormatLines.Columns.Count(c => c == ','), new CsvFormatter().Format(Some.Record("no comma")).Count(c => c == ','));

    [Fact]
    public void An_exception_of_no_type_is_one_all_the_same() =>
        Assert.EndsWith(",hello,,\"\",boom,,\n", new CsvFormatter().Format(new SampleRecord { Exception = new ExceptionInfo("", "boom", null) }), StringComparison.Ordinal);

    [Theory]
    [InlineData("a\r\nb\tc\u001b\u0085\u2028\u202e", "a\\u000d\\u000ab\\u0009c\\u001b\\u0085\\u2028\\u202e")]
    [InlineData("C:\\users\\u12", "C:\\users\\u12")]
    [InlineData("\\u0041", "\\u005cu0041")]
    [InlineData("\\\\u00e4x", "\\\\u005cu00e4x")]
    [InlineData("\\u00g1", "\\u00g1")]
    [InlineData("\\u005c", "\\u005cu005c")]
    [InlineData("\"", "\"\"\"\"")]
    [InlineData("a,\n\"b\"", "\"a,\\u000a\"\"b\"\"\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(1,2)", "\"'@SUM(1,2)\"")]
    [InlineData("'=1", "''=1")]
    [InlineData("''x", "''x")]
    [InlineData("a=1", "a=1")]
    [InlineData("é漢😀©", "é漢😀©")]
    public void A_value_stays_on_its_line_and_in_its_column(string message, string written) =>
        Assert.Contains($",{written},,,,,\n", new CsvFormatter().Format(Some.Record(message)), StringComparison.Ordinal);
}
