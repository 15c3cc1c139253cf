using System.Text.Json;
using QueueLog.Wire;

namespace QueueLog.Listener.JsonLines;

/// <summary>The properties of a line's record, encoded one by one.</summary>
internal sealed class LineProperties
{
    private readonly ByteWriter encoded = new(1024);
    private readonly ByteWriter text = new(256);

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Encoded => encoded.Written;

    public void Clear(int keepCapacity)
    {
        Count = 0;
        encoded.Clear(keepCapacity);
        text.Clear(keepCapacity);
    }

    /// <summary>Adds the value the reader stands at; moves the reader to its end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="reader">Stands at the value.</param>
    /// <param name="line">What the reader reads.</param>
    /// <param name="isCompact">Whether texts may stand for what JSON has no value for, as in our own Json format.</param>
    /// <exception cref="ProtocolException">There are too many.</exception>
    public void Add(ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> line, bool isCompact)
    {
        CountOne();
        AddValue(name, ref reader, line, isCompact);
    }

    /// <summary>Adds a text.</summary>
    /// <exception cref="ProtocolException">There are too many.</exception>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        CountOne();
        AddText(name, value);
    }

    public void Add(ReadOnlySpan<byte> name, long value)
    {
        CountOne();
        Begin(name, PropertyKind.Integer);
        encoded.WriteInt64(value);
    }

    private void AddValue(ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> line, bool isCompact)
    {
        if (reader.TokenType == JsonTokenType.String && isCompact && TryAddDisguised(name, reader.ValueSpan))
        {
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                Begin(name, PropertyKind.Null);
                return;
            case JsonTokenType.True or JsonTokenType.False:
                Begin(name, PropertyKind.Boolean);
                encoded.WriteByte(reader.TokenType == JsonTokenType.True ? (byte)1 : (byte)0);
                return;
            case JsonTokenType.Number when reader.TryGetInt64(out var integer):
                Begin(name, PropertyKind.Integer);
                encoded.WriteInt64(integer);
                return;
            case JsonTokenType.Number when isCompact && NumberText.TryReadDecimal(reader.ValueSpan, out var digits):
                Begin(name, PropertyKind.Number);
                encoded.WriteText(digits);
                return;
            case JsonTokenType.Number when reader.ValueSpan.ContainsAny(".eE"u8) && reader.TryGetDouble(out var number) && double.IsFinite(number):
                Begin(name, PropertyKind.Double);
                encoded.WriteInt64(BitConverter.DoubleToInt64Bits(number));
                return;
            case JsonTokenType.Number when NumberText.IsNumber(reader.ValueSpan):
                // An integer of more than 64 bits: a double would be another number.
                Begin(name, PropertyKind.Number);
                encoded.WriteText(reader.ValueSpan);
                return;
            case JsonTokenType.StartObject or JsonTokenType.StartArray when IsSmall(reader):
                AddStructure(name, ref reader, line, isCompact);
                return;
        }

        text.Clear();
        JsonText.Append(text, ref reader, line);
        AddText(name, text.Written);
    }

    // One of very many values stays the JSON it is.
    private static bool IsSmall(Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        for (var values = 0; values <= ProtocolLimits.MaxNestedValues; values++)
        {
            if (!reader.Read() || reader.CurrentDepth <= depth)
            {
                return true;
            }
        }

        return false;
    }

    private void AddStructure(ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> line, bool isCompact)
    {
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        Begin(name, isObject ? PropertyKind.Object : PropertyKind.List);
        var start = encoded.BeginText();
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            if (!isObject)
            {
                AddValue(default, ref reader, line, isCompact);
                continue;
            }

            text.Clear();
            JsonText.Append(text, ref reader, line);
            var member = text.Written.ToArray();
            reader.Read();
            AddValue(member, ref reader, line, isCompact);
        }

        encoded.EndText(start);
    }

    // A text that only reads like one of these begins with an escape.
    private bool TryAddDisguised(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        object? meant =
            value.SequenceEqual("NaN"u8) ? double.NaN
            : value.SequenceEqual("Infinity"u8) ? double.PositiveInfinity
            : value.SequenceEqual("-Infinity"u8) ? double.NegativeInfinity
            : LineTime.TryReadExact(value, out var time) ? time
            : null;
        if (meant is not null)
        {
            RecordCodec.WriteProperty(encoded, name, meant);
        }

        return meant is not null;
    }

    private void AddText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Begin(name, PropertyKind.Text);
        encoded.WriteText(value);
    }

    private void Begin(ReadOnlySpan<byte> name, PropertyKind kind)
    {
        encoded.WriteText(name);
        encoded.WriteByte((byte)kind);
    }

    private void CountOne()
    {
        if (++Count > ProtocolLimits.MaxProperties)
        {
            throw new ProtocolException($"It has more than {ProtocolLimits.MaxProperties} properties.");
        }
    }
}
