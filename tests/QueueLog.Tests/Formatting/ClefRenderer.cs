using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace QueueLog.Tests.Formatting;

/// <summary>
/// Makes the message of a line of CLEF as its description and that of message templates say: <c>@mt</c> is filled with the properties
/// beside it, texts stand in quotes unless the format is <c>l</c>, and <c>@r</c> has one text for each hole with a format.
/// </summary>
internal static class ClefRenderer
{
    public static string Render(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        if (!root.TryGetProperty("@mt", out var template))
        {
            return root.GetProperty("@m").GetString()!;
        }

        var renderings = root.TryGetProperty("@r", out var given) ? new Queue<string>(given.EnumerateArray().Select(text => text.GetString()!)) : null;
        var output = new StringBuilder();
        var text = template.GetString()!;
        for (var i = 0; i < text.Length;)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                output.Append(text[i]);
                i += 2;
            }
            else if (text[i] == '{' && Hole(text, i) is { } hole)
            {
                output.Append(Fill(hole, root, renderings));
                i += hole.Raw.Length;
            }
            else
            {
                output.Append(text[i++]);
            }
        }

        Assert.True(renderings is null or { Count: 0 }, "There must be a rendering for each hole with a format.");
        return output.ToString();
    }

    private static string Fill((string Raw, string Name, int Alignment, string? Format) hole, JsonElement root, Queue<string>? renderings)
    {
        var rendering = hole.Format is null ? null : renderings?.Dequeue();
        if (!root.TryGetProperty(hole.Name, out var value))
        {
            return hole.Raw;
        }

        var text = rendering ?? Text(value, hole.Format);
        return hole.Alignment > 0 ? text.PadLeft(hole.Alignment) : text.PadRight(-hole.Alignment);
    }

    private static string Text(JsonElement value, string? format) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String => format == "l" ? value.GetString()! : $"\"{value.GetString()!.Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        JsonValueKind.Number => Number(value.GetRawText()).ToString(format, CultureInfo.InvariantCulture),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => throw new InvalidOperationException("No hole should be filled with a structure."),
    };

    public static IFormattable Number(string raw) =>
        raw.AsSpan().ContainsAny('.', 'e', 'E') ? double.Parse(raw, CultureInfo.InvariantCulture)
        : long.TryParse(raw, CultureInfo.InvariantCulture, out var integer) ? integer
        : BigInteger.Parse(raw, CultureInfo.InvariantCulture);

    private static (string Raw, string Name, int Alignment, string? Format)? Hole(string text, int start)
    {
        var close = text.IndexOf('}', start);
        if (close < 0)
        {
            return null;
        }

        var inner = text[(start + 1)..close];
        inner = inner is ['@' or '$', ..] ? inner[1..] : inner;
        var colon = inner.IndexOf(':', StringComparison.Ordinal);
        var format = colon >= 0 ? inner[(colon + 1)..] : null;
        inner = colon >= 0 ? inner[..colon] : inner;
        var alignment = 0;
        if (inner.IndexOf(',', StringComparison.Ordinal) is var comma and >= 0)
        {
            if (!int.TryParse(inner[(comma + 1)..], CultureInfo.InvariantCulture, out alignment) || alignment == 0)
            {
                return null;
            }

            inner = inner[..comma];
        }

        return inner.Length > 0 && inner.All(c => char.IsLetterOrDigit(c) || c == '_') && format != "" ? (text[start..(close + 1)], inner, alignment, format) : null;
    }
}
