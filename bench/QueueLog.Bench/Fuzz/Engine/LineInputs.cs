using System.Text;
using System.Text.Json;
using QueueLog.Client;
using QueueLog.Listener.JsonLines;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>JSON lines, as they come over the pipe: each is a record that every formatter can show, or is refused.</summary>
internal static class LineInputs
{
    private static readonly string[] Names =
    [
        "level", "message", "msg", "template", "arguments", "properties", "category", "logger", "process", "pid", "worker", "item", "attempt", "timestamp",
        "time", "exception", "caller", "flush", "@t", "@m", "@mt", "@l", "@x", "@@a", "_Item", "Item", "ExceptionType", "ExceptionMessage", "SourceContext", "Number",
    ];

    private static readonly string[] Texts =
        ["Warning", "fatal", "2026-11-25T14:03:05.1234567+01:00", "2026-11-25 14:03:05,123", "NaN", "E: m\n at x", "Traceback (most recent call last):\n x\nE: m", "{A} {Number:N2} {B,-20} {{}}"];

    /// <summary>Lines as clients in the field write them. Each is a record.</summary>
    public static IReadOnlyList<string> Real { get; } =
    [
        """{"level":"Warning","message":"item 3 of gr\u00f6\u00dfe","timestamp":"2026-11-25T14:03:05.1234567+01:00","category":"Db","process":"p","pid":7}""",
        """{"template":"item {Item,5} of {Size:N2}","arguments":[3,"x"],"worker":"w","item":3,"attempt":2,"caller":"a:1","time":1764075785.5}""",
        """{"msg":"a","exception":{"type":"E","message":"m","stackTrace":"at x\nat y","code":[1,{"b":2}]},"properties":{"n":null,"t":true,"d":1.5e3}}""",
        """{"@t":"2026-11-25 14:03:05,5","@mt":"{A}","@l":"Fatal","@x":"E: m\n at x","ExceptionType":"E","ExceptionMessage":"m","_Item":"NaN","@@a":1}""",
        """{"exception":"Traceback (most recent call last):\n  x\nValueError: bad\ud83d\ude00","level":30,"":{"a":[[[]]]}}""",
        """{"flush":12}""",
    ];

    private static readonly ClientIdentity Sender = new(1, "sender", null);
    private static readonly JsonLineReader Reader = new();
    private static readonly LineRecord Record = new();
    private static readonly ByteWriter Batch = new();

    public static void WriteLines(Random random, ByteWriter output)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            output.WriteUtf8(random.Next(4) == 0 ? Real[random.Next(Real.Count)] : ObjectOf(random, depth: 3));
            output.WriteByte((byte)'\n');
        }
    }

    public static void Read(byte[] input)
    {
        Batch.Clear();
        ReadOnlySpan<byte> rest = input;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n') is >= 0 and var found ? found : rest.Length;
            ReadLine(rest[..end]);
            rest = rest[Math.Min(end + 1, rest.Length)..];
        }

        var batch = Batch.Written.ToArray();
        try
        {
            RecordInputs.Format(batch);
        }
        catch (ProtocolException e)
        {
            throw new InvalidOperationException("A line became what is no record.", e);
        }
    }

    private static void ReadLine(ReadOnlySpan<byte> line)
    {
        try
        {
            Reader.Read(line, Record);
        }
        catch (JsonException)
        {
            return;
        }

        Record.WriteTo(Batch, Sender, 1, LocalClock.Default);
    }

    private static string ObjectOf(Random random, int depth)
    {
        var text = new StringBuilder("{");
        for (var members = random.Next(8); members > 0; members--)
        {
            text.Append(text.Length > 1 ? "," : "").Append(JsonSerializer.Serialize(NameOf(random))).Append(':').Append(ValueOf(random, depth - 1));
        }

        return text.Append('}').ToString();
    }

    private static string NameOf(Random random) => random.Next(4) == 0 ? Sample.Text(random) : Names[random.Next(Names.Length)];

    private static string ValueOf(Random random, int depth) => random.Next(8) switch
    {
        0 => "null",
        1 => Sample.Bool(random) ? "true" : "false",
        2 => $"{Sample.Number(random)}",
        3 => $"{random.Next(100)}.{random.Next(1000)}e{random.Next(-5, 400)}",
        4 when depth > 0 => ObjectOf(random, depth),
        5 when depth > 0 => $"[{ValueOf(random, depth - 1)}, {ValueOf(random, depth - 1)}]",
        6 => JsonSerializer.Serialize(Texts[random.Next(Texts.Length)]),
        _ => JsonSerializer.Serialize(Sample.Text(random)),
    };
}
