using System.Text;
using QueueLog.Formatting;
using QueueLog.Reading.Formats;
using QueueLog.Records;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads the extended log format of the W3C, as IIS writes it: a line <c>#Fields:</c> names the columns. Times are UTC.</summary>
internal sealed class W3cEntryParser(TimePlacer placer) : EntryParser
{
    private (byte[] Name, FieldName Field)[] columns = [];

    public override string Name => LinePatterns.Iis.Name;

    private static ReadOnlySpan<byte> Fields => "#Fields: "u8;

    public override bool IsHeading(ReadOnlySpan<byte> line)
    {
        if (line is not [(byte)'#', ..])
        {
            return false;
        }

        if (line.StartsWith(Fields))
        {
            columns = [.. Encoding.UTF8.GetString(line[Fields.Length..].TrimEnd("\r "u8)).Split(' ').Select(name => Encoding.UTF8.GetBytes(name)).Select(name => (name, FieldOf(name)))];
        }

        return true;
    }

    public override bool Shows(AskedField asked) => asked.Field is TemplateField.Level or TemplateField.Property;

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        var record = new ForeignRecord(Properties) { IsUtc = true };
        var rest = text;
        var level = LogLevel.Information;
        var column = 0;
        for (; column < columns.Length && !rest.IsEmpty; column++)
        {
            var end = rest.IndexOf((byte)' ');
            var value = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var (name, field) = columns[column];
            level = value.Length == 3 && name.AsSpan().SequenceEqual("sc-status"u8) ? LevelOf(value[0]) : level;
            if (value is not [(byte)'-'])
            {
                record.Offer(field, name, value, isText: !BareValue.TryReadInteger(value, out _));
            }
        }

        if (column < columns.Length || columns.Length == 0 || !rest.IsEmpty || !record.HasTime)
        {
            return EntryState.Raw;
        }

        record.SetLevel(level);
        record.Fill(ref entry, placer);
        entry.Record.Message = text;
        return EntryState.Record;
    }

    private static FieldName FieldOf(byte[] name) => name.AsSpan() switch
    {
        _ when name.AsSpan().SequenceEqual("time"u8) => new FieldName(ForeignField.Time, 0),
        _ when name.AsSpan().SequenceEqual("date"u8) => new FieldName(ForeignField.Date, 0),
        _ => default,
    };

    private static LogLevel LevelOf(byte status) => status switch
    {
        (byte)'5' => LogLevel.Error,
        (byte)'4' => LogLevel.Warning,
        _ => LogLevel.Information,
    };
}
