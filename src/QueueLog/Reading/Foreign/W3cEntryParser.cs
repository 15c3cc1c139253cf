using System.Text;
using QueueLog.Reading.Formats;
using QueueLog.Records;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads the extended log format of the W3C, as IIS writes it: a line <c>#Fields:</c> names the columns. Times are UTC.</summary>
internal sealed class W3cEntryParser(TimePlacer placer) : ForeignEntryParser(placer)
{
    private (byte[] Name, FieldName Field)[] columns = [];


    /// <summary>Begins the line that names the columns.</summary>
    public static ReadOnlySpan<byte> FieldsMark => "\n#Fields: "u8;

    private static ReadOnlySpan<byte> Fields => FieldsMark[1..];

    public override string Name => LinePatterns.Iis.Name;

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

    /// <summary>The parser for what stands below such a line.</summary>
    public W3cEntryParser Below(ReadOnlySpan<byte> heading)
    {
        var parser = new W3cEntryParser(Placer);
        parser.IsHeading(heading);
        return parser;
    }

    /// <summary>What a search passes over may name other columns.</summary>
    public override void Pass(ReadOnlySpan<byte> lines)
    {
        if (lines.LastIndexOf(FieldsMark) is >= 0 and var last)
        {
            IsHeading(ForeignTrace.FirstLine(lines[(last + 1)..]));
        }
        else if (lines.StartsWith(Fields))
        {
            IsHeading(ForeignTrace.FirstLine(lines));
        }
    }

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
        Fill(ref record, ref entry);
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
