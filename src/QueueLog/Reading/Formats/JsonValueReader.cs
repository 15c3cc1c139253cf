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

    /// <summary>The value the reader stands at, as a property.</summary>
    public void AddProperty(scoped ref Utf8JsonReader json, scoped ReadOnlySpan<byte> whole, scoped ReadOnlySpan<byte> name)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                AddText(ref json, name);
                break;
            case JsonTokenType.Number:
                var isWhole = !json.ValueSpan.ContainsAny((byte)'.', (byte)'e', (byte)'E');
                if (isWhole && json.TryGetInt64(out var integer))
                {
                    properties.AddInteger(name, integer);
                }
                else if (isWhole && isForeign)
                {
                    properties.AddText(name, json.ValueSpan);
                }
                else
                {
                    properties.AddDouble(name, json.GetDouble());
                }

                break;
            case JsonTokenType.True or JsonTokenType.False:
                properties.AddBoolean(name, json.TokenType == JsonTokenType.True);
                break;
            case JsonTokenType.Null:
                properties.AddNull(name);
                break;
            default:
                // Ours have no lists and no objects: they stay what they are in the file.
                var start = (int)json.TokenStartIndex;
                json.Skip();
                properties.AddText(name, whole[start..(int)json.BytesConsumed]);
                break;
        }
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
