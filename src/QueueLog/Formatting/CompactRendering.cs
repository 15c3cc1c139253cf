using System.Globalization;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>
/// Follows a message through its template: which piece of it each hole is filled with, and whether readers of the compact format would
/// fill it with the same. They fill holes with the properties beside them: numbers as .NET formats them, texts in quotes unless the
/// format is <c>l</c>; for a hole with any other format the writer says in <c>@r</c> what it is filled with.
/// </summary>
internal ref struct CompactRendering(ReadOnlySpan<byte> message, PropertyReader properties)
{
    private const int LongestFormat = 32;
    private const int MostDigits = 2;

    private readonly ReadOnlySpan<byte> message = message;
    private readonly PropertyReader all = properties;
    private PropertyReader next = properties;
    private int position;
    private int pieceStart;
    private int pieceLength;

    /// <summary>Whether all of the message has been followed.</summary>
    public readonly bool IsAtEnd => position == message.Length;

    /// <summary>Follows literal text.</summary>
    /// <returns>False when the message has another one.</returns>
    public bool TryLiteral(scoped ReadOnlySpan<byte> text)
    {
        if (!message[position..].StartsWith(text))
        {
            return false;
        }

        position += text.Length;
        return true;
    }

    /// <summary>Follows a hole.</summary>
    /// <param name="hole">The hole.</param>
    /// <param name="isReserved">Whether its name is one of the format's own.</param>
    /// <param name="filling">How readers come to fill it with the same.</param>
    /// <param name="piece">What it is filled with, without blanks that align it.</param>
    /// <returns>False when the message has something else there, or readers cannot be told.</returns>
    public bool TryHole(scoped in CompactHole hole, bool isReserved, out HoleFilling filling, out ReadOnlySpan<byte> piece)
    {
        filling = HoleFilling.Plain;
        piece = default;
        if (!TryFind(hole.Name, out var property, out var isOther))
        {
            // A hole without a value stands as it is written.
            return !isOther && !isReserved && hole.Format.IsEmpty && TryLiteral(hole.Text);
        }

        // These have names of their own, which are no holes'.
        if (!TraceIds.NameOf(in property).IsEmpty || !TryValue(in hole, in property, out filling))
        {
            return false;
        }

        piece = message.Slice(pieceStart, pieceLength);
        return true;
    }

    private bool TryFind(scoped ReadOnlySpan<byte> name, out PropertyReader property, out bool isOther)
    {
        // Properties mostly stand in the order of the holes.
        isOther = false;
        var candidate = next;
        if (candidate.Read() && candidate.Name.SequenceEqual(name))
        {
            next = candidate;
            property = candidate;
            if (IsFirst(name, in candidate))
            {
                return true;
            }
        }

        candidate = all;
        while (candidate.Read())
        {
            if (Ascii.EqualsIgnoreCase(candidate.Name, name))
            {
                isOther = !candidate.Name.SequenceEqual(name);
                property = candidate;
                return !isOther;
            }
        }

        property = default;
        return false;
    }

    // A second one of a name is written under another.
    private readonly bool IsFirst(scoped ReadOnlySpan<byte> name, scoped in PropertyReader found)
    {
        var reader = all;
        while (reader.Read())
        {
            if (reader.Name.Length == name.Length && Ascii.EqualsIgnoreCase(reader.Name, name))
            {
                return reader.Name == found.Name;
            }
        }

        return false;
    }

    private bool TryValue(scoped in CompactHole hole, scoped in PropertyReader property, out HoleFilling filling)
    {
        var hasFormat = !hole.Format.IsEmpty;
        filling = hasFormat ? HoleFilling.Rendered : HoleFilling.Plain;
        switch (property.Kind)
        {
            case PropertyKind.Text:
                filling = hasFormat ? HoleFilling.Rendered : HoleFilling.Literal;
                return TryAligned(in hole, property.Text);
            case PropertyKind.Integer:
                return hasFormat ? TryFormatted(in hole, property.Integer, isInteger: true) : TryNumber(in hole, property.Integer);
            case PropertyKind.Double:
                filling = hasFormat || !double.IsFinite(property.Double) ? HoleFilling.Rendered : HoleFilling.Plain;
                return TryFormatted(in hole, property.Double, isInteger: false);
            case PropertyKind.Number:
                filling = hasFormat || !IsShortest(property.Text) ? HoleFilling.Rendered : HoleFilling.Plain;
                return TryDigits(in hole, property.Text);
            case PropertyKind.Boolean:
                // .NET's own text is True.
                filling = HoleFilling.Rendered;
                return TryAligned(in hole, property.Integer != 0 ? "true"u8 : "false"u8);
            case PropertyKind.Timestamp:
                filling = HoleFilling.Rendered;
                return hasFormat
                    ? TryFormatted(in hole, TimestampText.ToTime(property.Integer, property.OffsetMinutes), isInteger: false)
                    : TryTimestamp(in hole, in property);
            default:
                return false;
        }
    }

    private bool TryNumber(scoped in CompactHole hole, long value)
    {
        Span<byte> digits = stackalloc byte[24];
        System.Buffers.Text.Utf8Formatter.TryFormat(value, digits, out var length);
        return TryAligned(in hole, digits[..length]);
    }

    private bool TryFormatted<T>(scoped in CompactHole hole, T value, bool isInteger)
        where T : IUtf8SpanFormattable
    {
        if (!IsSafe(hole.Format))
        {
            return false;
        }

        Span<byte> text = stackalloc byte[256];
        try
        {
            return value.TryFormat(text, out var length, hole.FormatText, CultureInfo.InvariantCulture) && TryAligned(in hole, text[..length]);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private bool TryDigits(scoped in CompactHole hole, scoped ReadOnlySpan<byte> digits) =>
        hole.Format.IsEmpty ? TryAligned(in hole, digits) || (digits.EndsWith(".0"u8) && TryAligned(in hole, digits[..^2]))
        : decimal.TryParse(digits, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && TryFormatted(in hole, number, isInteger: false);

    // Universal time ends in Z, and a time of no known zone in nothing.
    private bool TryTimestamp(scoped in CompactHole hole, scoped in PropertyReader property)
    {
        Span<byte> text = stackalloc byte[RoundTripTime.Length];
        System.Buffers.Text.Utf8Formatter.TryFormat(TimestampText.ToTime(property.Integer, property.OffsetMinutes), text, out var length, new('O'));
        const int WithoutOffset = RoundTripTime.Length - 6;
        if (TryAligned(in hole, text[..length]))
        {
            return true;
        }

        text[WithoutOffset] = (byte)'Z';
        return (property.OffsetMinutes == 0 && TryAligned(in hole, text[..(WithoutOffset + 1)])) || TryAligned(in hole, text[..WithoutOffset]);
    }

    private bool TryAligned(scoped in CompactHole hole, scoped ReadOnlySpan<byte> text)
    {
        var start = position;
        var padding = hole.Alignment == 0 ? 0 : Math.Abs(hole.Alignment) - Encoding.UTF8.GetCharCount(text);
        if (TryPadding(hole.Alignment > 0 ? padding : 0) && TryLiteral(text) && TryPadding(hole.Alignment < 0 ? padding : 0))
        {
            pieceStart = start + (hole.Alignment > 0 ? Math.Max(0, padding) : 0);
            pieceLength = text.Length;
            return true;
        }

        position = start;
        return false;
    }

    private bool TryPadding(int count)
    {
        if (count <= 0)
        {
            return true;
        }

        if (message.Length - position < count || message.Slice(position, count).ContainsAnyExcept((byte)' '))
        {
            return false;
        }

        position += count;
        return true;
    }

    // A reader has a double of a number with a point, and writes that in the fewest digits.
    private static bool IsShortest(scoped ReadOnlySpan<byte> digits)
    {
        if (!digits.Contains((byte)'.'))
        {
            return true;
        }

        Span<byte> shortest = stackalloc byte[32];
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number.TryFormat(shortest, out var length, default, CultureInfo.InvariantCulture)
            && shortest[..length].SequenceEqual(digits);
    }

    // N999999999 is a number with a billion digits.
    private static bool IsSafe(scoped ReadOnlySpan<byte> format)
    {
        var digits = 0;
        foreach (var c in format)
        {
            digits = c is >= (byte)'0' and <= (byte)'9' ? digits + 1 : 0;
            if (digits > MostDigits && format[0] is not ((byte)'0' or (byte)'#'))
            {
                return false;
            }
        }

        return format.Length <= LongestFormat;
    }
}

/// <summary>How a reader comes to fill a hole as the writer did.</summary>
internal enum HoleFilling
{
    /// <summary>By itself.</summary>
    Plain,

    /// <summary>By the format <c>l</c>: a text without quotes.</summary>
    Literal,

    /// <summary>By what <c>@r</c> has for it; it has a format then.</summary>
    Rendered,
}
