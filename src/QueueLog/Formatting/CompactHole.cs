using System.Buffers;

namespace QueueLog.Formatting;

/// <summary>Where a hole stands in a template in UTF-8, as every reader of templates understands it: <c>{Name,alignment:format}</c>.</summary>
/// <param name="Start">Where its brace is.</param>
/// <param name="Length">Up to and with the other brace.</param>
/// <param name="NameStart">Where in the hole the name begins.</param>
/// <param name="NameLength">Its length.</param>
/// <param name="Alignment">Least width; negative for left-aligned.</param>
/// <param name="FormatLength">Length of the format, which ends before the brace; 0 for none.</param>
internal readonly record struct CompactHole(int Start, int Length, int NameStart, int NameLength, int Alignment, int FormatLength)
{
    private const int MaxAlignment = 1000;

    // What Serilog takes in a name and in a format; both are wider for letters that are not of ASCII.
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"u8);
    private static readonly SearchValues<byte> FormatBytes =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz !\"#%&'()*,-./:;?@[\\]_+"u8);

    public int End => Start + Length;

    /// <summary>Reads a hole.</summary>
    /// <param name="template">The template.</param>
    /// <param name="start">Where its brace is.</param>
    /// <param name="hole">The hole.</param>
    /// <returns>False when it is none, or one that readers understand in different ways.</returns>
    public static bool TryRead(ReadOnlySpan<byte> template, int start, out CompactHole hole)
    {
        hole = default;
        var close = template[start..].IndexOf((byte)'}');
        if (close < 0)
        {
            return false;
        }

        var text = template.Slice(start, close);
        var nameStart = text is [_, (byte)'@' or (byte)'$', ..] ? 2 : 1;
        var rest = text[nameStart..];
        var nameLength = rest.IndexOfAnyExcept(NameBytes) is var end and >= 0 ? end : rest.Length;
        rest = rest[nameLength..];
        var alignment = 0;
        if (rest is [(byte)',', ..])
        {
            var colon = rest.IndexOf((byte)':');
            var digits = colon < 0 ? rest[1..] : rest[1..colon];
            if (!System.Buffers.Text.Utf8Parser.TryParse(digits, out alignment, out var used) || used != digits.Length || digits[0] == '+' || alignment is 0 or > MaxAlignment or < -MaxAlignment)
            {
                return false;
            }

            rest = rest[(1 + digits.Length)..];
        }

        var format = rest is [(byte)':', ..] ? rest[1..] : default;
        hole = new CompactHole(start, close + 1, nameStart, nameLength, alignment, format.Length);
        return nameLength > 0 && (rest.IsEmpty || (!format.IsEmpty && !format.ContainsAnyExcept(FormatBytes)));
    }

    public ReadOnlySpan<byte> TextIn(ReadOnlySpan<byte> template) => template.Slice(Start, Length);

    public ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> template) => template.Slice(Start + NameStart, NameLength);

    public ReadOnlySpan<byte> FormatIn(ReadOnlySpan<byte> template) => template.Slice(End - 1 - FormatLength, FormatLength);

    /// <summary>Whether its format is <c>l</c>.</summary>
    public bool IsLiteralIn(ReadOnlySpan<byte> template) => FormatIn(template) is [(byte)'l'];
}
