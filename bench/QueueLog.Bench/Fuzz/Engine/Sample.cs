using System.Text;
using QueueLog.Records;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Random values of the kinds that messages are made of, the ugly ones among them more often than in life.</summary>
internal static class Sample
{
    private static readonly string[] Pieces =
        ["", " ", "a", "Writer-1", "record {Number} of {Total}", "\r\n", "\n", "\t", "\0", "\u001b[31m", "\u2028", "é", "漢字", "😀", "\ud83d", "\udc00", "\ufeff", "{{}}", "\"", "\\"];

    private static readonly long[] Numbers = [0, 1, -1, 9, 255, 256, short.MinValue, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    public static bool Bool(Random random) => random.Next(2) == 0;

    public static long Number(Random random) => random.Next(3) switch
    {
        0 => Numbers[random.Next(Numbers.Length)],
        1 => random.Next(1000),
        _ => random.NextInt64(long.MinValue, long.MaxValue),
    };

    public static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    public static string Text(Random random)
    {
        // The length of a text takes one byte, two, or more.
        var pieces = random.Next(40) switch { 0 => random.Next(2000), < 4 => random.Next(60), _ => random.Next(4) };
        var text = new StringBuilder();
        while (pieces-- > 0)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return text.ToString();
    }

    public static string? OptionalText(Random random) => Bool(random) ? null : Text(random);

    /// <summary>Any time with any offset from UTC, the first and the last there are as well.</summary>
    public static DateTimeOffset Time(Random random)
    {
        var offset = TimeSpan.FromMinutes(random.Next(-14 * 60, (14 * 60) + 1));
        var room = Math.Abs(offset.Ticks);
        var ticks = random.Next(8) switch
        {
            0 => room,
            1 => DateTime.MaxValue.Ticks - room,
            _ => random.NextInt64(room, DateTime.MaxValue.Ticks - room),
        };
        return new DateTimeOffset(ticks, offset);
    }

    /// <summary>A value that has a kind of its own in a record.</summary>
    public static object? PropertyValue(Random random) => random.Next(6) switch
    {
        0 => null,
        1 => Text(random),
        2 => Number(random),
        3 => BitConverter.Int64BitsToDouble(Number(random)),
        4 => Bool(random),
        _ => Time(random),
    };

    public static LogRecord Record(Random random) => new()
    {
        Timestamp = Time(random),
        Level = (LogLevel)random.Next((int)LogLevel.Critical + 1),
        Message = Text(random),
        Template = OptionalText(random),
        Category = OptionalText(random),
        Item = Bool(random) ? null : random.Next(100_000),
        Attempt = Bool(random) ? null : random.Next(1, 1000),
        Caller = OptionalText(random),
        Worker = OptionalText(random),
        Process = Text(random),
        Pid = random.Next(),
        Exception = Bool(random) ? null : new ExceptionInfo(Text(random), Text(random), OptionalText(random)),
        Properties = new LogProperties(Enumerable.Range(0, random.Next(5)).Select(i => new LogProperty(i == 0 ? "Number" : Text(random), PropertyValue(random)))),
    };

    /// <summary>A value of each type that a pool sends without the engine's help.</summary>
    public static object? PipelineValue(Random random)
    {
        var number = Number(random);
        return random.Next(20) switch
        {
            0 => null,
            1 => Bool(random),
            2 => (int)number,
            3 => number,
            4 => BitConverter.Int64BitsToDouble(number),
            5 => BitConverter.Int32BitsToSingle((int)number),
            6 => new decimal((int)number, (int)(number >> 32), random.Next(), Bool(random), (byte)random.Next(29)),
            7 => (byte)number,
            8 => (sbyte)number,
            9 => (short)number,
            10 => (ushort)number,
            11 => (uint)number,
            12 => (ulong)number,
            13 => (char)number,
            // Not of the local kind: what the machine's own clock is ahead decides over its encoding.
            14 => new DateTime(Time(random).Ticks, Bool(random) ? DateTimeKind.Utc : DateTimeKind.Unspecified),
            15 => new TimeSpan(number),
            16 => new Guid([.. BitConverter.GetBytes(number), .. BitConverter.GetBytes(number)]),
            17 => Bytes(random),
            _ => Text(random),
        };
    }
}
