using System.Globalization;
using System.Text;
using System.Text.Json;
using QueueLog.Wire;

namespace QueueLog.Listener.JsonLines;

/// <summary>Reads one line. Not thread-safe.</summary>
// line    = plain | compact | flush
// plain   = an object with the names of LineFields; every other member is a property
// compact = the same in the compact log event format: its first name begins with @
// flush   = {"flush":number}
internal sealed class JsonLineReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = ProtocolLimits.MaxLineDepth };

    private readonly ByteWriter name = new(256);

    // Of the line being read.
    private bool isCompact;
    private uint seen;
    private (int Start, int Length) list;

    /// <summary>Fills a record with what a line says.</summary>
    /// <exception cref="JsonException">The line is no JSON.</exception>
    /// <exception cref="ProtocolException">It is no object, or no record can be made of it.</exception>
    public void Read(ReadOnlySpan<byte> line, LineRecord record)
    {
        record.Clear();
        isCompact = false;
        seen = 0;
        list = default;
        var reader = new Utf8JsonReader(line, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ProtocolException("It is no JSON object.");
        }

        var members = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadName(ref reader);
            isCompact |= members++ == 0 && name.Written is [(byte)'@', ..];
            ReadMember(ref reader, line, record);
        }

        // Throws when something follows.
        reader.Read();
        if (record.Flush > 0 && members > 1)
        {
            record.Properties.Add("flush"u8, record.Flush);
            record.Flush = 0;
        }

        Complete(line, record);
    }

    private void ReadName(ref Utf8JsonReader reader)
    {
        name.Clear(ProtocolLimits.MaxGreetingLength);
        if (reader.ValueIsEscaped)
        {
            JsonText.Append(name, ref reader, default);
        }
        else
        {
            name.WriteBytes(reader.ValueSpan);
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, LineRecord record)
    {
        var field = LineFields.Of(name.Written, isCompact);
        reader.Read();
        if (field == LineField.None)
        {
            record.Properties.Add(LineFields.PropertyOf(name.Written, isCompact), ref reader, line, isCompact);
            return;
        }

        // A field without a value is no field. One that comes again, or whose value does not fit, is kept as a property.
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        var bit = 1u << (int)field;
        if ((seen & bit) == 0 && TryRead(field, ref reader, line, record))
        {
            seen |= bit;
        }
        else
        {
            record.Properties.Add(name.Written, ref reader, line, isCompact);
        }
    }

    private bool TryRead(LineField field, ref Utf8JsonReader reader, ReadOnlySpan<byte> line, LineRecord record)
    {
        switch (field)
        {
            case LineField.Message:
                SetText(LineText.Message, ref reader, line, record);
                return true;
            case LineField.Renderings when reader.TokenType == JsonTokenType.StartArray:
                reader.Skip();
                return true;
            case LineField.Template or LineField.OtherTemplate:
                return TrySetText(LineText.Template, ref reader, line, record);
            case LineField.Category:
                return TrySetText(LineText.Category, ref reader, line, record);
            case LineField.Process:
                return TrySetText(LineText.Process, ref reader, line, record);
            case LineField.Worker:
                return TrySetText(LineText.Worker, ref reader, line, record);
            case LineField.Caller:
                return TrySetText(LineText.Caller, ref reader, line, record);
            case LineField.ExceptionType:
                return TrySetText(LineText.ExceptionType, ref reader, line, record);
            case LineField.ExceptionMessage:
                return TrySetText(LineText.ExceptionMessage, ref reader, line, record);
            case LineField.Exception:
                return LineException.TryRead(ref reader, line, record);
            case LineField.Level when LineLevel.TryRead(ref reader, out var level):
                record.Level = level;
                return true;
            case LineField.Timestamp or LineField.Time when record.Time is null && LineTime.TryRead(ref reader, field == LineField.Time, out var time):
                record.Time = time;
                return true;
            case LineField.Pid when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var pid):
                record.Pid = pid;
                return true;
            case LineField.Item when reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var item) && item >= 0:
                record.Item = item;
                return true;
            case LineField.Attempt when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var attempt) && attempt >= 1:
                record.Attempt = attempt;
                return true;
            case LineField.Flush when reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 1:
                record.Flush = number;
                return true;
            case LineField.Properties or LineField.Arguments when reader.TokenType == JsonTokenType.StartObject:
                ReadTable(ref reader, line, record);
                return true;
            case LineField.Arguments when reader.TokenType == JsonTokenType.StartArray:
                // What they are called, the template may tell only later.
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                list = (start, (int)reader.BytesConsumed - start);
                return true;
            default:
                return false;
        }
    }

    private void ReadTable(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, LineRecord record)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadName(ref reader);
            reader.Read();
            record.Properties.Add(name.Written, ref reader, line, isCompact: false);
        }
    }

    private void Complete(ReadOnlySpan<byte> line, LineRecord record)
    {
        LineException.Complete(record);
        if (record is { Attempt: { } attempt, Item: null })
        {
            // An attempt at nothing.
            record.Properties.Add(isCompact ? "Attempt"u8 : "attempt"u8, attempt);
        }

        if (isCompact && record.Has(LineText.Message) && (seen & (1u << (int)LineField.OtherTemplate)) == 0)
        {
            LineMessage.RestoreTemplate(record);
        }

        // With arguments and nothing else that says what it is, a message is a template, as with Write-QueueLog.
        var hasArguments = (seen & (1u << (int)LineField.Arguments)) != 0;
        var hasOnlyMessage = hasArguments && !record.Has(LineText.Template) && record.Has(LineText.Message);
        if (hasOnlyMessage)
        {
            record.SetPart(LineText.Template, LineText.Message, ..);
        }

        var named = record.Properties.Encoded.Length;
        if (list.Length > 0)
        {
            ReadList(line.Slice(list.Start, list.Length), record);
        }

        if (record.Has(LineText.Template) && (hasOnlyMessage || !record.Has(LineText.Message)))
        {
            LineMessage.Render(record, record.Properties.Encoded[named..]);
        }
    }

    private static void ReadList(ReadOnlySpan<byte> values, LineRecord record)
    {
        var count = 0;
        var counter = new Utf8JsonReader(values, Options);
        counter.Read();
        for (; counter.Read() && counter.TokenType != JsonTokenType.EndArray; count++)
        {
            counter.Skip();
        }

        var holes = LineMessage.HolesOf(record.Get(LineText.Template), count);
        var reader = new Utf8JsonReader(values, Options);
        reader.Read();
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            var hole = i < holes.Length ? holes[i] : Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Argument{i}"));
            record.Properties.Add(hole, ref reader, values, isCompact: false);
        }
    }

    private static bool TrySetText(LineText text, ref Utf8JsonReader reader, ReadOnlySpan<byte> line, LineRecord record)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        SetText(text, ref reader, line, record);
        return true;
    }

    private static void SetText(LineText text, ref Utf8JsonReader reader, ReadOnlySpan<byte> line, LineRecord record)
    {
        var start = record.Texts.Length;
        JsonText.Append(record.Texts, ref reader, line);
        record.SetFrom(text, start);
    }
}
