using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Reads lines of comma separated values, by the heading of their file.</summary>
internal sealed class CsvEntryParser : EntryParser
{
    private readonly JsonValueReader json;
    private readonly CsvValueReader values;
    private bool isExported;
    private CsvField[] columns = Read(FormatLines.Columns);

    public CsvEntryParser()
    {
        json = new JsonValueReader(Unfolded, Properties);
        values = new CsvValueReader(Unfolded);
    }

    public override string Name => "csv";

    /// <summary>Ours, or those of Export-Csv: in quotes, and whatever was selected.</summary>
    public static bool IsColumns(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("Timestamp,Level,"u8))
        {
            return true;
        }

        // No entry of ours begins with a letter.
        if (line is not [(byte)'"', >= (byte)'A' and <= (byte)'Z', ..] || line.IndexOf("\"Timestamp\""u8) < 0)
        {
            return false;
        }

        var columns = Read(Encoding.UTF8.GetString(line));
        return columns.Contains(CsvField.Timestamp) && (columns.Contains(CsvField.Level) || columns.Contains(CsvField.Message));
    }

    public override bool IsHeading(ReadOnlySpan<byte> line)
    {
        if (!IsColumns(line))
        {
            return false;
        }

        columns = Read(Encoding.UTF8.GetString(line));
        isExported = line[0] == '"';
        return true;
    }

    public override bool TryReadTime(ReadOnlySpan<byte> text, out long utcTicks) => TryReadTime(text, default, (byte)',', out utcTicks);

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        var rest = text;
        var isWhole = true;
        var column = 0;
        var begins = false;
        ReadOnlySpan<byte> value = default;
        while (isWhole && column < columns.Length)
        {
            // Quotes without anything in them are an exception without a type.
            entry.Record.HasException |= columns[column] == CsvField.ExceptionType && rest is [(byte)'"', ..];
            isWhole = values.TryRead(ref rest, out value, isLast: column == columns.Length - 1)
                && TryApply(columns[column], value, ref entry);
            begins |= isWhole && columns[column] == CsvField.Timestamp;
            column++;
        }

        return isWhole && begins ? EntryState.Record : begins ? EntryState.Torn : EntryState.Raw;
    }

    private static CsvField[] Read(string heading) =>
        [.. heading.Split(',').Select(name => Enum.TryParse<CsvField>(name.Trim('"'), out var field) ? field : CsvField.Other)];

    private bool TryApply(CsvField column, ReadOnlySpan<byte> value, ref EntryView entry)
    {
        ref var record = ref entry.Record;
        if (value.IsEmpty)
        {
            return column != CsvField.Timestamp;
        }

        switch (column)
        {
            case CsvField.Timestamp:
                entry.Fields |= EntryFields.Timestamp;
                return TryReadTime(value, ref record);
            case CsvField.Level:
                entry.Fields |= EntryFields.Level;
                return LevelParser.TryParse(value, out record.Level);
            case CsvField.Pid:
                entry.Fields |= EntryFields.Pid;
                return TryRead(value, out record.Pid);
            case CsvField.Sequence:
                entry.Fields |= EntryFields.Sequence;
                return BareValue.TryReadInteger(value, out record.Sequence);
            case CsvField.Item:
                return BareValue.TryReadInteger(value, out record.Item);
            case CsvField.Attempt:
                return TryRead(value, out record.Attempt);
            case CsvField.Properties:
                return TryReadProperties(value) || isExported;
        }

        var text = Unfold(FormulaText.WithoutMark(value));
        switch (column)
        {
            case CsvField.Process:
                record.Process = text;
                break;
            case CsvField.Worker:
                record.Worker = text;
                break;
            case CsvField.Category:
                record.Category = text;
                break;
            case CsvField.Caller:
                record.Caller = text;
                break;
            case CsvField.Message:
                record.Message = text;
                break;
            case CsvField.Template:
                record.Template = text;
                break;
            case CsvField.ExceptionType:
                record.HasException = true;
                record.ExceptionType = text;
                break;
            case CsvField.ExceptionMessage:
                record.HasException = true;
                record.ExceptionMessage = text;
                break;
            case CsvField.StackTrace:
                record.HasException = true;
                record.ExceptionStackTrace = text;
                break;
        }

        return true;
    }

    // Export-Csv writes times as the culture of its session has them.
    private bool TryReadTime(ReadOnlySpan<byte> value, ref RecordView record)
    {
        if (isExported && !(value.Length > 4 && value[4] == '-')
            && DateTimeOffset.TryParse(Encoding.UTF8.GetString(value), CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal, out var time))
        {
            (record.UtcTicks, record.OffsetMinutes) = (time.UtcTicks, (short)time.TotalOffsetMinutes);
            return true;
        }

        return RoundTripTimeReader.TryReadAny(value, out record.UtcTicks, out record.OffsetMinutes);
    }

    private ReadOnlySpan<byte> Unfold(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\\u"u8) < 0)
        {
            return text;
        }

        var start = Unfolded.Length;
        Escapes.UnfoldNumbers(text, Unfolded);
        return UnfoldedSince(start);
    }

    private bool TryReadProperties(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.Text(ref reader);
                reader.Read();
                json.AddProperty(ref reader, name is [(byte)'@', (byte)'@', ..] ? name[1..] : name);
            }

            return reader.BytesConsumed == text.Length;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> value, out int number) =>
        Utf8Parser.TryParse(value, out number, out var used) && used == value.Length;
}

/// <summary>What a column of Csv holds, by its heading.</summary>
internal enum CsvField
{
    /// <summary>A column of another program's.</summary>
    Other,
    Timestamp,
    Level,
    Process,
    Pid,
    Worker,
    Item,
    Attempt,
    Category,
    Sequence,
    Caller,
    Message,
    Template,
    ExceptionType,
    ExceptionMessage,
    StackTrace,
    Properties,
}
