using System.Globalization;
using System.Text;
using System.Text.Json;
using QueueLog.Client;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Writes values into the holes of a message template by the published rules (messagetemplates.org), as Serilog does.</summary>
// A text is in quotes unless the hole says :l, a list is [1, 2], an object { Name: value }, and :j asks for JSON.
internal static class MessageRenderer
{
    private const string Literal = "l";
    private const string AsJson = "j";

    /// <summary>Writes a whole message.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="template">The template.</param>
    /// <param name="properties">The encoded properties; a hole of another name stays as it is written.</param>
    public static void Render(ByteWriter output, MessageTemplate template, ReadOnlySpan<byte> properties)
    {
        foreach (var part in template.Parts)
        {
            if (part.Name is null || !TryFind(properties, part.NameUtf8, out var value))
            {
                output.WriteBytes(part.TextUtf8);
                continue;
            }

            var start = output.Length;
            AppendValue(output, in value, part.Format);
            Align(output, start, part.Alignment);
        }
    }

    /// <summary>Writes the value that a reader stands before.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="json">The value, and anything behind it.</param>
    /// <param name="hole">The hole.</param>
    public static void Append(ByteWriter output, ReadOnlySpan<byte> json, MessageTemplate.Part hole)
    {
        var reader = new Utf8JsonReader(json);
        var start = output.Length;
        reader.Read();
        AppendValue(output, ref reader, json, hole.Format);
        Align(output, start, hole.Alignment);
    }

    private static bool TryFind(ReadOnlySpan<byte> properties, ReadOnlySpan<byte> name, out PropertyReader property)
    {
        property = new PropertyReader(properties);
        while (property.Read())
        {
            if (property.Name.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static void AppendValue(ByteWriter output, scoped in PropertyReader value, string? format)
    {
        switch (value.Kind)
        {
            case PropertyKind.Null:
                output.WriteBytes("null"u8);
                break;
            case PropertyKind.Boolean:
                output.WriteBytes(value.Integer != 0 ? "True"u8 : "False"u8);
                break;
            case PropertyKind.Integer:
                AppendFormatted(output, value.Integer, format);
                break;
            case PropertyKind.Double:
                AppendFormatted(output, value.Double, format);
                break;
            case PropertyKind.Timestamp:
                // In a file it is a text.
                AppendText(output, Encoding.UTF8.GetBytes(TimestampText.ToTime(value.Integer, value.OffsetMinutes).ToString("O", CultureInfo.InvariantCulture)), format);
                break;
            default:
                AppendText(output, value.Text, format);
                break;
        }
    }

    private static void AppendValue(ByteWriter output, scoped ref Utf8JsonReader json, ReadOnlySpan<byte> whole, string? format)
    {
        var start = (int)json.TokenStartIndex;
        switch (json.TokenType)
        {
            case JsonTokenType.String when json.ValueIsEscaped:
                AppendText(output, Encoding.UTF8.GetBytes(json.GetString()!), format);
                break;
            case JsonTokenType.String:
                AppendText(output, json.ValueSpan, format);
                break;
            case JsonTokenType.Number when json.TryGetInt64(out var integer):
                AppendFormatted(output, integer, format);
                break;
            case JsonTokenType.Number:
                AppendFormatted(output, json.GetDouble(), format);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                output.WriteBytes(json.TokenType == JsonTokenType.True ? "True"u8 : "False"u8);
                break;
            case JsonTokenType.StartArray or JsonTokenType.StartObject when format == AsJson:
                json.Skip();
                output.WriteBytes(whole[start..(int)json.BytesConsumed]);
                break;
            case JsonTokenType.StartArray:
                AppendList(output, ref json, whole, format);
                break;
            case JsonTokenType.StartObject:
                AppendObject(output, ref json, whole);
                break;
            default:
                output.WriteBytes("null"u8);
                break;
        }
    }

    private static void AppendList(ByteWriter output, scoped ref Utf8JsonReader json, ReadOnlySpan<byte> whole, string? format)
    {
        output.WriteByte((byte)'[');
        for (var isFirst = true; json.Read() && json.TokenType != JsonTokenType.EndArray; isFirst = false)
        {
            output.WriteBytes(isFirst ? default : ", "u8);
            AppendValue(output, ref json, whole, format);
        }

        output.WriteByte((byte)']');
    }

    private static void AppendObject(ByteWriter output, scoped ref Utf8JsonReader json, ReadOnlySpan<byte> whole)
    {
        var isFirst = true;
        var begins = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (begins && name == "$type" && json.TokenType == JsonTokenType.String)
            {
                output.WriteUtf8(json.GetString() + " ");
                continue;
            }

            output.WriteBytes(begins ? "{ "u8 : isFirst ? default : ", "u8);
            begins = isFirst = false;
            output.WriteUtf8(name + ": ");
            AppendValue(output, ref json, whole, null);
        }

        output.WriteBytes(begins ? "{  }"u8 : " }"u8);
    }

    private static void AppendText(ByteWriter output, ReadOnlySpan<byte> text, string? format)
    {
        if (format == Literal)
        {
            output.WriteBytes(text);
            return;
        }

        output.WriteByte((byte)'"');
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            output.WriteBytes(text[..quote]);
            output.WriteBytes("\\\""u8);
            text = text[(quote + 1)..];
        }

        output.WriteBytes(text);
        output.WriteByte((byte)'"');
    }

    private static void AppendFormatted<T>(ByteWriter output, T value, string? format)
        where T : IFormattable
    {
        try
        {
            output.WriteUtf8(value.ToString(ValueFormat.IsSafe(format) ? format : null, CultureInfo.InvariantCulture));
        }
        catch (FormatException)
        {
            output.WriteUtf8(value.ToString(null, CultureInfo.InvariantCulture));
        }
    }

    private static void Align(ByteWriter output, int start, int alignment)
    {
        if (alignment == 0)
        {
            return;
        }

        var value = Encoding.UTF8.GetString(output.Written[start..]);
        output.Truncate(start);
        output.WriteUtf8(alignment > 0 ? value.PadLeft(alignment) : value.PadRight(-alignment));
    }
}
