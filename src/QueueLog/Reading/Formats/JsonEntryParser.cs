using System.Text.Json;
using QueueLog.Formatting;
using QueueLog.Records;

namespace QueueLog.Reading.Formats;

/// <summary>Reads Serilog's compact format: ours, and that of other programs as far as it goes.</summary>
internal sealed class JsonEntryParser : EntryParser
{
    private readonly JsonValueReader values;
    private readonly ClefMessage message = new();

    public JsonEntryParser() => values = new JsonValueReader(Unfolded, Properties);

    public override string Name => "json";

    public override bool TryReadTime(ReadOnlySpan<byte> text, out long utcTicks) => TryReadTime(text, "{\"@t\":\""u8, (byte)'"', out utcTicks);

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        if (text.IsEmpty || text[0] != '{')
        {
            return EntryState.Raw;
        }

        // A line that was cut is seen at once; the reader would need an exception to say so.
        if (text[^1] == '}')
        {
            try
            {
                if (TryReadObject(text, ref entry))
                {
                    return EntryState.Record;
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // No JSON, or escapes that make no text.
            }
        }

        return text.StartsWith(JsonFormatter.Start) ? EntryState.Torn : EntryState.Raw;
    }

    private bool TryReadObject(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        var json = new Utf8JsonReader(text);
        json.Read();
        ReadOnlySpan<byte> exception = default, type = default, exceptionMessage = default;
        bool hasText = false, hasException = false, hasType = false, hasMessage = false, isOther = false;
        message.Clear();
        entry.Fields = EntryFields.Level;
        entry.Record.Level = LogLevel.Information;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueIsEscaped ? values.Unfold(ref json) : json.ValueSpan;
            var field = JsonNames.FieldOf(name);
            var nameStart = (int)json.TokenStartIndex + 1;
            var nameLength = json.ValueSpan.Length;
            json.Read();
            if (!hasText && field >= JsonField.Property)
            {
                message.Add(nameStart, nameLength, (int)json.TokenStartIndex);
            }

            var isText = json.TokenType == JsonTokenType.String;
            switch (field)
            {
                case JsonField.Timestamp when isText && RoundTripTimeReader.TryReadAny(json.ValueSpan, out entry.Record.UtcTicks, out entry.Record.OffsetMinutes):
                    entry.Fields |= EntryFields.Timestamp;
                    break;
                case JsonField.Level when isText && LevelParser.TryParse(json.ValueSpan, out entry.Record.Level):
                    break;
                case JsonField.Level when json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var number) && LevelParser.TryOfNumber(number, out entry.Record.Level):
                    break;
                case JsonField.Message when isText:
                    entry.Record.Message = values.Text(ref json);
                    hasText = true;
                    break;
                case JsonField.Template when isText:
                    entry.Record.Template = values.Text(ref json);
                    break;
                case JsonField.OtherTemplate when isText:
                    entry.Record.Template = values.Text(ref json);
                    isOther = true;
                    break;
                case JsonField.Renderings:
                    message.AddRenderings(ref json);
                    break;
                case JsonField.Exception when isText:
                    exception = values.Text(ref json);
                    hasException = true;
                    break;
                case JsonField.ExceptionType when isText:
                    type = values.Text(ref json);
                    hasType = true;
                    break;
                case JsonField.ExceptionMessage when isText:
                    exceptionMessage = values.Text(ref json);
                    hasMessage = true;
                    break;
                case JsonField.Process when isText:
                    entry.Record.Process = values.Text(ref json);
                    break;
                case JsonField.Worker when isText:
                    entry.Record.Worker = values.Text(ref json);
                    break;
                case JsonField.Category when isText:
                    entry.Record.Category = values.Text(ref json);
                    break;
                case JsonField.Caller when isText:
                    entry.Record.Caller = values.Text(ref json);
                    break;
                case JsonField.Pid when json.TokenType == JsonTokenType.Number && json.TryGetInt32(out entry.Record.Pid):
                    entry.Fields |= EntryFields.Pid;
                    break;
                case JsonField.Sequence when json.TokenType == JsonTokenType.Number && json.TryGetInt64(out entry.Record.Sequence):
                    entry.Fields |= EntryFields.Sequence;
                    break;
                case JsonField.Item when json.TokenType == JsonTokenType.Number && json.TryGetInt64(out entry.Record.Item):
                    break;
                case JsonField.Attempt when json.TokenType == JsonTokenType.Number && json.TryGetInt32(out entry.Record.Attempt):
                    break;
                default:
                    values.AddProperty(ref json, JsonNames.PropertyName(name));
                    break;
            }
        }

        // Only we give both. What was done to the template for other readers is undone.
        if (hasText && !isOther)
        {
            entry.Record.Template = values.Restore(entry.Record.Template);
        }

        // Other programs give the template alone.
        if (!hasText)
        {
            entry.Record.Message = Render(entry.Record.Template, text);
        }

        if (hasException && hasType && hasMessage)
        {
            ExceptionSplitter.Split(exception, type, exceptionMessage, ref entry.Record);
        }
        else if (hasException)
        {
            ExceptionSplitter.Split(exception, ref entry.Record);
        }

        return entry.Has(EntryFields.Timestamp) && json.TokenType == JsonTokenType.EndObject && json.BytesConsumed == text.Length;
    }

    private ReadOnlySpan<byte> Render(ReadOnlySpan<byte> template, ReadOnlySpan<byte> text)
    {
        var start = Unfolded.Length;
        message.Render(Unfolded, template, text);
        return UnfoldedSince(start);
    }
}
