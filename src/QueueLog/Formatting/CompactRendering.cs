using System.Globalization;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>
/// Follows a message through its template: which piece of it each hole is filled with, and whether readers of the compact format would
/// fill it with the same. They fill holes with the properties beside them: numbers as .NET formats them, texts in quotes unless the
/// format is <c>l</c>; for a hole with any other format the writer says in <c>@r</c> what it is filled with.
/// </summary>
internal ref struct CompactRendering(ReadOnlySpan<byte> template, ReadOnlySpan<byte> message, PropertyReader properties)
{
    private readonly ReadOnlySpan<byte> template = template;
    private readonly ReadOnlySpan<byte> message = message;
    private readonly PropertyReader all = properties;
    private PropertyReader found = properties;
    private int position;
    private int pieceStart;
    private int pieceLength;

    /// <summary>Whether all of the message has been followed.</summary>
    public readonly bool IsAtEnd => position == message.Length;

    /// <summary>Follows the next piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="filling">How readers come to fill a hole with the same.</param>
    /// <param name="text">What a hole is filled with, without blanks that align it.</param>
    /// <returns>False when the message has something else there, or readers cannot be told.</returns>
    public bool TryFollow(scoped in CompactPiece piece, out HoleFilling filling, out ReadOnlySpan<byte> text)
    {
        filling = HoleFilling.Plain;
        text = default;
        if (piece.Length > 0)
        {
            return TryLiteral(template.Slice(piece.Start, piece.Length));
        }

        var name = piece.Hole.NameIn(template);
        if (!TryFind(name))
        {
            // A hole without a value stands as it is written.
            return !piece.IsReserved && piece.Format is null && TryLiteral(piece.Hole.TextIn(template));
        }

        // One of a name that only looks alike is written under another; and the ids of traces have names of their own, which are no holes'.
        if (!found.Name.SequenceEqual(name) || !TraceIds.NameOf(in found).IsEmpty || !TryValue(in piece, out filling))
        {
            return false;
        }

        text = message.Slice(pieceStart, pieceLength);
        return true;
    }

    // The first of the name, case ignored: further ones are written under others.
    private bool TryFind(scoped ReadOnlySpan<byte> name)
    {
        found = all;
        while (found.Read())
        {
            if (found.Name.Length == name.Length && (found.Name.SequenceEqual(name) || Ascii.EqualsIgnoreCase(found.Name, name)))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryLiteral(scoped ReadOnlySpan<byte> text)
    {
        if (!message[position..].StartsWith(text))
        {
            return false;
        }

        position += text.Length;
        return true;
    }

    private bool TryValue(scoped in CompactPiece piece, out HoleFilling filling)
    {
        var hasFormat = piece.Format is not null;
        filling = hasFormat ? HoleFilling.Rendered : HoleFilling.Plain;
        switch (found.Kind)
        {
            case PropertyKind.Text:
                filling = hasFormat ? HoleFilling.Rendered : HoleFilling.Literal;
                return TryAligned(in piece, found.Text);
            case PropertyKind.Integer:
                return hasFormat ? TryFormatted(in piece, found.Integer) : TryNumber(in piece, found.Integer);
            case PropertyKind.Double:
                filling = hasFormat || !double.IsFinite(found.Double) ? HoleFilling.Rendered : HoleFilling.Plain;
                return TryFormatted(in piece, found.Double);
            case PropertyKind.Number:
                filling = hasFormat || !IsShortest(found.Text) ? HoleFilling.Rendered : HoleFilling.Plain;
                return TryDigits(in piece, found.Text);
            case PropertyKind.Boolean:
                // .NET's own text is True.
                filling = HoleFilling.Rendered;
                return TryAligned(in piece, found.Integer != 0 ? "true"u8 : "false"u8);
            case PropertyKind.Timestamp:
                filling = HoleFilling.Rendered;
                return hasFormat
                    ? TryFormatted(in piece, TimestampText.ToTime(found.Integer, found.OffsetMinutes))
                    : TryTimestamp(in piece);
            default:
                return false;
        }
    }

    private bool TryNumber(scoped in CompactPiece piece, long value)
    {
        Span<byte> digits = stackalloc byte[24];
        System.Buffers.Text.Utf8Formatter.TryFormat(value, digits, out var length);
        return TryAligned(in piece, digits[..length]);
    }

    private bool TryFormatted<T>(scoped in CompactPiece piece, T value)
        where T : IUtf8SpanFormattable
    {
        if (!ValueFormat.IsSafe(piece.Format))
        {
            return false;
        }

        Span<byte> text = stackalloc byte[256];
        try
        {
            return value.TryFormat(text, out var length, piece.Format, CultureInfo.InvariantCulture) && TryAligned(in piece, text[..length]);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private bool TryDigits(scoped in CompactPiece piece, scoped ReadOnlySpan<byte> digits) =>
        piece.Format is null ? TryAligned(in piece, digits) || (digits.EndsWith(".0"u8) && TryAligned(in piece, digits[..^2]))
        : decimal.TryParse(digits, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && TryFormatted(in piece, number);

    // Universal time ends in Z, and a time of no known zone in nothing.
    private bool TryTimestamp(scoped in CompactPiece piece)
    {
        Span<byte> text = stackalloc byte[RoundTripTime.Length];
        System.Buffers.Text.Utf8Formatter.TryFormat(TimestampText.ToTime(found.Integer, found.OffsetMinutes), text, out var length, new('O'));
        const int WithoutOffset = RoundTripTime.Length - 6;
        if (TryAligned(in piece, text[..length]))
        {
            return true;
        }

        text[WithoutOffset] = (byte)'Z';
        return (found.OffsetMinutes == 0 && TryAligned(in piece, text[..(WithoutOffset + 1)])) || TryAligned(in piece, text[..WithoutOffset]);
    }

    private bool TryAligned(scoped in CompactPiece piece, scoped ReadOnlySpan<byte> text)
    {
        var start = position;
        var alignment = piece.Hole.Alignment;
        var padding = alignment == 0 ? 0 : Math.Max(0, Math.Abs(alignment) - Encoding.UTF8.GetCharCount(text));
        if (TryPadding(alignment > 0 ? padding : 0) && TryLiteral(text) && TryPadding(alignment < 0 ? padding : 0))
        {
            pieceStart = start + (alignment > 0 ? padding : 0);
            pieceLength = text.Length;
            return true;
        }

        position = start;
        return false;
    }

    private bool TryPadding(int count)
    {
        if (count == 0)
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
