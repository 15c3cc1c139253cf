using System.Buffers.Text;
using System.Text.Json;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Texts and properties from JSON, by the rules that keep apart what JSON cannot.</summary>
/// <param name="unfolded">Gets what holds escapes.</param>
/// <param name="properties">Gets the properties.</param>
/// <param name="isForeign">Whether any program wrote it: then what cannot be said otherwise is left as it stands.</param>
internal sealed class JsonValueReader(ByteWriter unfolded, ByteWriter properties, bool isForeign = false)
{
    /// <summary>The text or name the reader stands at.</summary>
    public ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader json) => json.ValueIsEscaped ? Unfold(ref json) : json.ValueSpan;

    public ReadOnlySpan<byte> Unfold(scoped ref Utf8JsonReader json)
    {
        var start = unfolded.Length;
        try
        {
            unfolded.Advance(json.CopyString(unfolded.Room(json.ValueSpan.Length)));
        }
        catch (InvalidOperationException) when (isForeign)
        {
            // Half a character is none.
            return json.ValueSpan;
        }

        return unfolded.Written[start..];
    }

    /// <summary>A template as it was before it was written for other readers.</summary>
    public ReadOnlySpan<byte> Restore(ReadOnlySpan<byte> template)
    {
        var start = unfolded.Length;
        return CompactTemplate.TryRestore(template, unfolded) ? unfolded.Written[start..] : template;
    }

    /// <summary>The value the reader stands at, as a property.</summary>
    public void AddProperty(scoped ref Utf8JsonReader json, scoped ReadOnlySpan<byte> name)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                AddText(ref json, name);
                break;
            case JsonTokenType.Number:
                AddNumber(json.ValueSpan, name);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                properties.AddBoolean(name, json.TokenType == JsonTokenType.True);
                break;
            case JsonTokenType.Null:
                properties.AddNull(name);
                break;
            default:
                AddStructure(ref json, name);
                break;
        }
    }

    private void AddNumber(ReadOnlySpan<byte> text, scoped ReadOnlySpan<byte> name)
    {
        if (text.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
        {
            BareValue.AddFraction(properties, name, text);
        }
        else if (Utf8Parser.TryParse(text, out long integer, out var used) && used == text.Length)
        {
            properties.AddInteger(name, integer);
        }
        else if (NumberText.IsNumber(text))
        {
            properties.AddNumber(name, text);
        }
        else
        {
            properties.AddText(name, text);
        }
    }

    private void AddStructure(scoped ref Utf8JsonReader json, scoped ReadOnlySpan<byte> name)
    {
        var isObject = json.TokenType == JsonTokenType.StartObject;
        var start = properties.BeginStructure(name, isObject ? PropertyKind.Object : PropertyKind.List);
        while (json.Read() && json.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var member = isObject ? Text(ref json) : default;
            if (isObject)
            {
                json.Read();
            }

            AddProperty(ref json, member);
        }

        properties.EndText(start);
    }

    // A text that would read like another kind of value begins with an escape.
    private void AddText(scoped ref Utf8JsonReader json, scoped ReadOnlySpan<byte> name)
    {
        var value = json.ValueSpan;
        if (json.ValueIsEscaped)
        {
            properties.AddText(name, Unfold(ref json));
        }
        else if (RoundTripTimeReader.TryRead(value, out var utcTicks, out var offset))
        {
            properties.AddTimestamp(name, utcTicks, offset);
        }
        else if (TypedText.IsNotFinite(value) && BareValue.TryReadDouble(value, out var number))
        {
            properties.AddDouble(name, number);
        }
        else
        {
            properties.AddText(name, value);
        }
    }
}
