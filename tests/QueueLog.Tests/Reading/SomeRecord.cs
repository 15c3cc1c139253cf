using System.Text;
using CsCheck;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

/// <summary>Any record a client can send, and many that only a hostile one would.</summary>
internal static class SomeRecord
{
    // What formats are made of, and what they must not be taken in by.
    private static readonly string[] Pieces =
    [
        "", " ", "    ", "=", ",", "\"", "\\", "\\\\", "\\u000a", "\\u", "\\u005c", "\n", "\r\n", "\r", "\t", "\u0000", "\u001b[31m", "\u007f", "\u0085",
        "\u2028", "\u2029", "\u202e", "\u2066", "\ufeff", "{", "}", "{Item}", "true", "false", "null", "NaN", "Infinity", "-Infinity", "1", "-1", "1.5", "1e5", "1e999", "-1e999", "007", "+7", ".5",
        "2026-11-25T14:03:05.1234567+01:00", "ts=", "msg", "@t", "@@", "_", "__Item", "Item", "Pid", "# QueueLog: json", "ä", "€", "𝄞", "\ud800", "at Foo.Bar()",
        "System.IO.IOException: disk full", "x", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "hello world", "{\"@t\":", "Timestamp,Level,",
    ];

    private static readonly string[] Names =
    [
        "Item", "_Item", "__Pid", "_", "", "@", "@t", "@@m", "_@t", "ts", "_ts", "msg", "a b", "a=b", "näme", "𝄞", "x\ny", "SourceContext", "TraceId", "SpanId", "stack", "Total", "ExceptionType", "-", "\"",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(
        Of(Pieces),
        Of(Pieces).Array[0, 5].Select(pieces => string.Concat(pieces)),
        Gen.String[0, 40]);

    private static readonly Gen<DateTimeOffset> Time = Gen.Select(
        Gen.Long[DateTime.MinValue.Ticks + TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay],
        Gen.Int[-14 * 60, 14 * 60],
        (ticks, offset) => new DateTimeOffset(ticks, TimeSpan.FromMinutes(offset)));

    private static readonly Gen<object?> Plain = Gen.OneOf(
        Gen.Const((object?)null),
        Text.Select(text => (object?)text),
        Gen.Long.Select(number => (object?)number),
        Gen.Int[-10, 10].Select(number => (object?)(long)number),
        Gen.Double.Select(number => (object?)number),
        Of(0.0, -0.0, 1.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, 1e20).Select(number => (object?)number),
        Gen.Bool.Select(truth => (object?)truth),
        Time.Select(time => (object?)time),
        Of("9.5", "9.50", "10.0", "0.0", "-0.5", "0.30000000000000000000000001", "18446744073709551615", "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890").Select(digits => (object?)new NumberOf(digits)));

    private static readonly Gen<object?> Value = Gen.Frequency((6, Plain), (1, Structure(3)));

    // A second one of a name is written under another: UniqueNamesTests has those.
    private static readonly StringComparer NameComparer = StringComparer.OrdinalIgnoreCase;

    private static readonly Gen<(string Name, object? Value)[]> Properties =
        Gen.Select(Gen.OneOf(Of(Names), Text), Value, (name, value) => (name, value)).Array[0, 4]
            .Select(properties => properties.DistinctBy(property => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(property.name)), NameComparer).ToArray());

    private static readonly Gen<ExceptionInfo?> Exception = Gen.OneOf(
        Gen.Const((ExceptionInfo?)null),
        Gen.Select(Text, Text, Text, (type, message, stack) => (ExceptionInfo?)new ExceptionInfo(type, message, stack)));

    public static Gen<SampleRecord> Any { get; } =
        from texts in Text.Array[6]
        from time in Time
        from level in Gen.Enum<LogLevel>()
        from numbers in Gen.Select(Gen.Int, Gen.OneOf(Gen.Const(-1L), Gen.Long[0, long.MaxValue]), Gen.Int[1, int.MaxValue], Gen.Long)
        from exception in Exception
        from properties in Properties
        select properties.Aggregate(
            new SampleRecord
            {
                Timestamp = time,
                Level = level,
                Message = texts[0],
                Template = texts[1],
                Category = texts[2],
                Process = texts[3],
                Worker = texts[4],
                Caller = texts[5],
                Pid = numbers.Item1,
                Item = numbers.Item2,
                Attempt = numbers.Item3,
                Sequence = numbers.Item4,
                Exception = exception,
            },
            (record, property) => record.With(property.Name, property.Value));

    private static Gen<object?> Structure(int depth)
    {
        var inner = depth == 0 ? Plain : Gen.Frequency((3, Plain), (1, Structure(depth - 1)));
        return Gen.OneOf(
            inner.Array[0, 3].Select(values => (object?)values),
            Gen.Select(Gen.OneOf(Of(Names), Text), inner).Array[0, 3].Select(members => (object?)members.DistinctBy(member => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(member.Item1)), NameComparer).ToArray()));
    }

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
