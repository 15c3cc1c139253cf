using System.Text;
using CsCheck;
using QueueLog.Records;

namespace QueueLog.Tests.Support;

/// <summary>A record of whatever content, with all that must be read from a log that keeps every field.</summary>
internal sealed record AnyRecord(SampleRecord Record, IReadOnlyList<LogProperty> Properties)
{
    private static readonly string[] Pieces =
    [
        "a", "B", "0", "1.5", "-", "+", " ", "  ", ",", ";", ":", "=", "\"", "\"\"", "'", "\\", "\\n", "\\u0041", "\\u", "/", "{", "}", "[", "#", "# QueueLog: json", "\n", "\r", "\r\n", "\t",
        "\0", "\u001b[31m", "\u007f", "\u0085", "\u009f", "\u00a0", "\u2027", "\u2028", "\u2029", "\uFEFF", "\uFFFD", "é", "漢字", "😀", "_", "@", "@t", "ts=", "Item", "level", "true", "null", "NaN",
        "-Infinity", "2026-11-25T14:03:05.1234567+01:00", "1E5",
    ];

    private static readonly Gen<string> Word = Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]);

    private static readonly Gen<string> Text = Gen.Frequency((2, Word), (3, Word.Array[0, 6].Select(string.Concat)), (1, Gen.Char['a', 'z'].Array[0, 300].Select(letters => new string(letters))));

    private static readonly Gen<DateTimeOffset> Time = Gen.Select(
        Gen.OneOf(Gen.Const(0L), Gen.Long[0, DateTime.MaxValue.Ticks], Gen.Const(DateTime.MaxValue.Ticks)),
        Gen.Int[-14 * 60, 14 * 60],
        (local, minutes) =>
        {
            var offset = TimeSpan.FromMinutes(minutes);
            return (ulong)(local - offset.Ticks) <= (ulong)DateTime.MaxValue.Ticks ? new DateTimeOffset(local, offset) : new DateTimeOffset(local, TimeSpan.Zero);
        });

    private static readonly double[] OddNumbers = [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue];

    private static readonly Gen<double> Number = Gen.OneOf(
        Gen.Double, Gen.Double[-1000, 1000], Gen.Int.Select(value => (double)value), Gen.Int[0, OddNumbers.Length - 1].Select(index => OddNumbers[index]));

    private static readonly Gen<object?> Value = Gen.OneOf<object?>(
        Gen.Const<object?>(() => null), Gen.Bool.Select(value => (object?)value), Gen.Long.Select(value => (object?)value), Number.Select(value => (object?)value),
        Time.Select(value => (object?)value), Text.Select(value => (object?)value));

    private static readonly Gen<ExceptionInfo?> Exception = Gen.OneOf(
        Gen.Const<ExceptionInfo?>(() => null),
        Gen.Select(Text, Text, Gen.OneOf(Gen.Const<string?>(() => null), Text.Where(text => text.Length > 0)), (type, message, stack) => (ExceptionInfo?)new ExceptionInfo(type, message, stack)));

    private static readonly Gen<(long Item, int Attempt)> Place = Gen.OneOf(
        Gen.Const((-1L, 1)), Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[1, int.MaxValue], (item, attempt) => (item, attempt)));

    public static Gen<AnyRecord> Any { get; } = Gen.Select(
        Gen.Select(Time, Gen.Enum<LogLevel>(), Gen.Long, Gen.Int, Place, (time, level, sequence, pid, place) => (time, level, sequence, pid, place)),
        Gen.Select(Text, Text, Text, Text, Text, (message, template, category, process, worker) => (message, template, category, process, worker)),
        Text,
        Exception,
        Gen.Select(Text, Value, (name, value) => new LogProperty(name, value)).Array[0, 5].Select(Once),
        (numbers, texts, caller, exception, properties) => Make(
            new SampleRecord
            {
                Timestamp = numbers.time,
                Level = numbers.level,
                Sequence = numbers.sequence,
                Pid = numbers.pid,
                Item = numbers.place.Item,
                Attempt = numbers.place.Attempt,
                Message = texts.message,
                Template = texts.template,
                Category = texts.category,
                Process = texts.process,
                Worker = texts.worker,
                Caller = caller,
                Exception = exception,
            },
            properties));

    public string Message => Encoding.UTF8.GetString(Record.MessageBytes);

    // A second property of a name is written under another.
    private static LogProperty[] Once(LogProperty[] properties) => [.. properties.DistinctBy(property => property.Name, StringComparer.OrdinalIgnoreCase)];

    private static AnyRecord Make(SampleRecord record, LogProperty[] properties)
    {
        foreach (var property in properties)
        {
            record.With(property.Name, property.Value);
        }

        return new AnyRecord(record, properties);
    }
}
