using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace QueueLog.Client;

/// <summary>A message with named holes, such as <c>item {Item} of {Total:n0}</c>. Parsing never fails: what is no hole is text.</summary>
internal sealed class MessageTemplate
{
    // Scripts that paste values into their templates would fill any cache; beyond this many they are parsed each time.
    private const int CacheLimit = 1024;
    private const int LongestCached = 1024;

    // A brace further away is not looked for: a text of braces alone would be looked through again for each of them.
    private const int LongestHole = 256;

    private static readonly ConcurrentDictionary<string, MessageTemplate> Cache = new(StringComparer.Ordinal);

    // The one used last, under the very object it was asked for: a loop asks for one template again and again.
    private static Recent? recent;

    private readonly Part[] parts;

    private MessageTemplate(string text, Part[] parts)
    {
        Text = text;
        TextUtf8 = Encoding.UTF8.GetBytes(text);
        this.parts = parts;
        HoleCount = parts.Count(part => part.Name is not null);
    }

    public string Text { get; }

    public byte[] TextUtf8 { get; }

    public int HoleCount { get; }

    public ReadOnlySpan<Part> Parts => parts;

    public static MessageTemplate Of(string text)
    {
        if (recent is { } last && ReferenceEquals(last.Text, text))
        {
            return last.Template;
        }

        if (Cache.TryGetValue(text, out var known))
        {
            recent = new Recent(text, known);
            return known;
        }

        var template = new MessageTemplate(text, Parse(text));
        if (text.Length <= LongestCached && Cache.Count < CacheLimit)
        {
            Cache.TryAdd(text, template);
        }

        return template;
    }

    // template = ( text | "{{" | "}}" | hole )*     hole = "{" name [ "," alignment ] [ ":" format ] "}"
    private static Part[] Parse(string text)
    {
        var parts = new List<Part>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
            }
            else if (c == '{' && text.IndexOf('}', i, Math.Min(LongestHole, text.Length - i)) is var close and > 0 && ParseHole(text[i..(close + 1)]) is { } hole)
            {
                if (literal.Length > 0)
                {
                    parts.Add(new Part(literal.ToString(), null, 0, null));
                    literal.Clear();
                }

                parts.Add(hole);
                i = close;
            }
            else
            {
                literal.Append(c);
            }
        }

        if (literal.Length > 0)
        {
            parts.Add(new Part(literal.ToString(), null, 0, null));
        }

        return [.. parts];
    }

    private static Part? ParseHole(string raw)
    {
        var inner = raw.AsSpan(1, raw.Length - 2);
        string? format = null;
        if (inner.IndexOf(':') is var colon and >= 0)
        {
            format = inner[(colon + 1)..].ToString();
            inner = inner[..colon];
        }

        var alignment = 0;
        if (inner.IndexOf(',') is var comma and >= 0)
        {
            if (!int.TryParse(inner[(comma + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out alignment) || Math.Abs((long)alignment) > 1000)
            {
                return null;
            }

            inner = inner[..comma];
        }

        // @ and $ are Serilog's capture hints; they say how to keep the value, not what it is called.
        inner = inner.TrimStart("@$");
        foreach (var c in inner)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '.' or '-'))
            {
                return null;
            }
        }

        if (inner.IsEmpty)
        {
            return null;
        }

        return new Part(raw, inner.ToString(), alignment, format);
    }

    private sealed record Recent(string Text, MessageTemplate Template);

    /// <summary>A piece of a template.</summary>
    /// <param name="Text">The literal text, or the hole as it is written.</param>
    /// <param name="Name">Name of the hole; null for literal text.</param>
    /// <param name="Alignment">Least width; negative for left-aligned.</param>
    /// <param name="Format">Format of the value, or null.</param>
    public sealed record Part(string Text, string? Name, int Alignment, string? Format)
    {
        /// <summary>The text as it goes into a record.</summary>
        public byte[] TextUtf8 { get; } = Encoding.UTF8.GetBytes(Text);

        /// <summary>The name as it goes into a record.</summary>
        public byte[] NameUtf8 { get; } = Encoding.UTF8.GetBytes(Name ?? "");
    }
}
