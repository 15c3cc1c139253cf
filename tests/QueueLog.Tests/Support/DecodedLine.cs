using System.Text;
using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Listener.JsonLines;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>A JSON line as the record it becomes, shown with what it has beside level and message.</summary>
internal static class DecodedLine
{
    public static readonly ClientIdentity Client = new(4711, "client", null);

    /// <summary>Shows <c>Warning hello Category=Db Rows=3</c>; values of properties with their kind, but for texts.</summary>
    public static string Show(string line) => Show(Encoding.UTF8.GetBytes(line));

    /// <summary>The same for bytes.</summary>
    public static string Show(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> bytes = Encode(line);
        Assert.True(RecordCodec.TryRead(ref bytes, Client, out var record));
        Assert.True(bytes.IsEmpty);
        return Show(in record);
    }

    /// <summary>Its time, as the listener takes it.</summary>
    public static DateTimeOffset TimeOf(string line)
    {
        ReadOnlySpan<byte> bytes = Encode(Encoding.UTF8.GetBytes(line));
        Assert.True(RecordCodec.TryRead(ref bytes, Client, out var record));
        return new DateTimeOffset(record.UtcTicks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(record.OffsetMinutes));
    }

    public static byte[] Encode(ReadOnlySpan<byte> line) => Encode(line, Client, 1);

    public static byte[] Encode(ReadOnlySpan<byte> line, ClientIdentity client, long sequence)
    {
        var record = new LineRecord();
        new JsonLineReader().Read(line, record);
        var output = new ByteWriter();
        record.WriteTo(output, client, sequence, LocalClock.Default);
        return output.Written.ToArray();
    }

    private static string Show(scoped in RecordView record)
    {
        var text = new StringBuilder($"{record.Level} {Text(record.Message)}");
        Add("Template", Text(record.Template));
        Add("Category", Text(record.Category));
        Add("Process", record.Pid == Client.Pid && record.Process.SequenceEqual(Client.ProcessUtf8) ? "" : $"{Text(record.Process)}/{record.Pid}");
        Add("Worker", Text(record.Worker));
        Add("Item", record.Item < 0 ? "" : $"{record.Item}");
        Add("Attempt", record.Attempt == 0 ? "" : $"{record.Attempt}");
        Add("Caller", Text(record.Caller));
        if (record.HasException)
        {
            text.Append($" Exception={Text(record.ExceptionType)}|{Text(record.ExceptionMessage)}|{Text(record.ExceptionStackTrace)}");
        }

        var properties = record.ReadProperties();
        while (properties.Read())
        {
            var value = properties.Kind switch
            {
                PropertyKind.Null => "null",
                PropertyKind.Text => Text(properties.Text),
                PropertyKind.Integer => $"{properties.Integer}i",
                PropertyKind.Double => FormattableString.Invariant($"{properties.Double:R}d"),
                PropertyKind.Number => Text(properties.Text),
                PropertyKind.List or PropertyKind.Object => Json(properties),
                PropertyKind.Boolean => $"{properties.Integer != 0}",
                _ => $"{new DateTimeOffset(properties.Integer, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(properties.OffsetMinutes)):O}",
            };
            text.Append($" {Text(properties.Name)}={value}");
        }

        return text.ToString();

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                text.Append($" {name}={value}");
            }
        }

        static string Json(PropertyReader value)
        {
            var output = new ByteWriter();
            var entry = new EntryWriter(output, 256);
            PropertyJson.AppendValue(ref entry, in value);
            entry.Commit();
            return Text(output.Written);
        }

        static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
    }
}
