using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using QueueLog.Wire;

namespace QueueLog.Listener.JsonLines;

/// <summary>Texts of JSON as they are meant. What the reader has let through is not checked again.</summary>
internal static class JsonText
{
    /// <summary>Appends the text of the string or name the reader stands at, or of any other value as it is written, without blanks between its parts.</summary>
    /// <remarks>Moves the reader to the end of a nested value.</remarks>
    public static void Append(ByteWriter output, ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            AppendCompact(output, line[start..(int)reader.BytesConsumed]);
        }
        else if (reader.ValueIsEscaped)
        {
            AppendUnescaped(output, reader.ValueSpan);
        }
        else
        {
            output.WriteBytes(reader.ValueSpan);
        }
    }

    private static void AppendCompact(ByteWriter output, ReadOnlySpan<byte> json)
    {
        // Blanks within strings stay.
        var isWithin = false;
        var from = 0;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (isWithin)
            {
                i += c == '\\' ? 1 : 0;
                isWithin = c != '"';
            }
            else if (c == '"')
            {
                isWithin = true;
            }
            else if (c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                output.WriteBytes(json[from..i]);
                from = i + 1;
            }
        }

        output.WriteBytes(json[from..]);
    }

    private static void AppendUnescaped(ByteWriter output, ReadOnlySpan<byte> text)
    {
        while (text.IndexOf((byte)'\\') is >= 0 and var escape)
        {
            output.WriteBytes(text[..escape]);
            text = text[(escape + 1)..];
            if (text[0] == 'u')
            {
                text = AppendUnit(output, text);
            }
            else
            {
                output.WriteByte(text[0] switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    var same => same,
                });
                text = text[1..];
            }
        }

        output.WriteBytes(text);
    }

    // Half of a pair alone becomes U+FFFD, as everywhere: programs write what was no UTF-8 to begin with in this way.
    private static ReadOnlySpan<byte> AppendUnit(ByteWriter output, ReadOnlySpan<byte> escaped)
    {
        const int Length = 5;
        var first = UnitOf(escaped);
        escaped = escaped[Length..];
        var rune = Rune.ReplacementChar;
        if (char.IsHighSurrogate(first) && escaped is [(byte)'\\', (byte)'u', ..] && Rune.TryCreate(first, UnitOf(escaped[1..]), out var pair))
        {
            rune = pair;
            escaped = escaped[(1 + Length)..];
        }
        else if (Rune.TryCreate(first, out var single))
        {
            rune = single;
        }

        output.Advance(rune.EncodeToUtf8(output.Room(4)));
        return escaped;
    }

    private static char UnitOf(ReadOnlySpan<byte> escaped) =>
        Utf8Parser.TryParse(escaped[1..5], out ushort unit, out _, 'x') ? (char)unit : (char)Rune.ReplacementChar.Value;
}
