using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using QueueLog.Wire;

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
    private readonly byte[][] inOrder;
    private readonly byte[][] byName;

    private readonly bool isPositional;
    private readonly bool hasCaptures;

    private MessageTemplate(string text, Part[] parts)
    {
        Text = text;
        TextUtf8 = Encoding.UTF8.GetBytes(text);
        var holes = Array.FindAll(parts, static part => part.Name is not null);
        HoleCount = holes.Length;
        hasCaptures = Array.Exists(holes, static hole => hole.Capture != Capture.Default);
        isPositional = HoleCount > 0 && Array.TrueForAll(holes, static hole => IsPosition(hole.Name!));
        string[] names = isPositional
            ? [.. Enumerable.Range(0, holes.Max(static hole => PositionOf(hole.Name!)) + 1).Select(static position => position.ToString(CultureInfo.InvariantCulture))]
            : [.. holes.Select(static hole => hole.Name!).Distinct(StringComparer.OrdinalIgnoreCase)];
        byName = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
        inOrder = isPositional || names.Length == HoleCount ? byName : Array.ConvertAll(holes, static hole => hole.NameUtf8);
        var order = 0;
        this.parts = Array.ConvertAll(parts, part => part.Name is not { } name ? part : part with
        {
            Order = isPositional ? PositionOf(name) : order++,
            ArgumentIndex = isPositional ? PositionOf(name) : Array.FindIndex(names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase)),
        });
    }

    public string Text { get; }

    public byte[] TextUtf8 { get; }

    public int HoleCount { get; }

    /// <summary>What so many arguments are called: a name twice takes one argument where there are fewer of them than holes.</summary>
    public ReadOnlySpan<byte[]> NamesOf(int arguments) => arguments < HoleCount ? byName : inOrder;

    /// <summary>Which of so many arguments fills a hole.</summary>
    public int ArgumentOf(Part hole, int arguments) => arguments < HoleCount ? hole.ArgumentIndex : hole.Order;

    public ReadOnlySpan<Part> Parts => parts;

    /// <summary>How a value is kept by the first character of its name.</summary>
    public static Capture CaptureOf(ReadOnlySpan<char> name) =>
        name is ['@', ..] ? Capture.Members : name is ['$', ..] ? Capture.Text : Capture.Default;

    /// <summary>How one of so many arguments is kept: as the first hole says that it fills.</summary>
    public Capture CaptureOf(int argument, int arguments)
    {
        if (hasCaptures)
        {
            foreach (var part in parts)
            {
                if (part.Name is not null && ArgumentOf(part, arguments) == argument)
                {
                    return part.Capture;
                }
            }
        }

        return Capture.Default;
    }

    // As -f and Serilog have them: {1} is the second argument, if every hole is one of these.
    private static bool IsPosition(string name) =>
        name.Length <= 4 && !name.AsSpan().ContainsAnyExceptInRange('0', '9') && (name[0] != '0' || name.Length == 1) && PositionOf(name) < ProtocolLimits.MaxProperties;

    private static int PositionOf(string name) => int.Parse(name, CultureInfo.InvariantCulture);

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

        recent = new Recent(text, template);
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
        var capture = CaptureOf(inner);
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

        return new Part(raw, inner.ToString(), alignment, format) { Capture = capture };
    }

    private sealed record Recent(string Text, MessageTemplate Template);

    /// <summary>A piece of a template.</summary>
    /// <param name="Text">The literal text, or the hole as it is written.</param>
    /// <param name="Name">Name of the hole; null for literal text.</param>
    /// <param name="Alignment">Least width; negative for left-aligned.</param>
    /// <param name="Format">Format of the value, or null.</param>
    public sealed record Part(string Text, string? Name, int Alignment, string? Format)
    {
        /// <summary>Which argument fills the hole, if there is one for each.</summary>
        public int Order { get; init; }

        /// <summary>Which argument fills the hole, if a name takes only one.</summary>
        public int ArgumentIndex { get; init; }

        /// <summary>How the value is kept.</summary>
        public Capture Capture { get; init; }

        /// <summary>The text as it goes into a record.</summary>
        public byte[] TextUtf8 { get; } = Encoding.UTF8.GetBytes(Text);

        /// <summary>The name as it goes into a record.</summary>
        public byte[] NameUtf8 { get; } = Encoding.UTF8.GetBytes(Name ?? "");
    }
}

/// <summary>How the value of a hole is kept.</summary>
internal enum Capture
{
    /// <summary>Lists, tables and a script's own objects with their values, other objects by their text.</summary>
    Default,

    /// <summary>Any object with its properties: <c>{@Name}</c>.</summary>
    Members,

    /// <summary>By its text: <c>{$Name}</c>.</summary>
    Text,
}
