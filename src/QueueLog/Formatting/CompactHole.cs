using System.Buffers;
using System.Text;

namespace QueueLog.Formatting;

/// <summary>A hole of a message template as every reader of templates understands it: <c>{Name,alignment:format}</c>, in UTF-8.</summary>
internal ref struct CompactHole
{
    private const int MaxAlignment = 1000;

    // What Serilog takes in a name and in a format; both are wider for letters that are not of ASCII.
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"u8);
    private static readonly SearchValues<byte> FormatBytes =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz !\"#%&'()*,-./:;?@[\\]_+"u8);

    /// <summary>Everything from brace to brace.</summary>
    public ReadOnlySpan<byte> Text;

    public ReadOnlySpan<byte> Name;

    /// <summary>Least width; negative for left-aligned.</summary>
    public int Alignment;

    /// <summary>Empty for none.</summary>
    public ReadOnlySpan<byte> Format;

    /// <summary>Where in <see cref="Text"/> the name begins, and where it ends.</summary>
    public int NameStart;

    public readonly int NameEnd => NameStart + Name.Length;

    /// <summary>Reads a hole.</summary>
    /// <param name="template">Begins with the brace.</param>
    /// <param name="hole">The hole.</param>
    /// <returns>False when it is none, or one that readers understand in different ways.</returns>
    public static bool TryRead(ReadOnlySpan<byte> template, out CompactHole hole)
    {
        hole = default;
        var close = template.IndexOf((byte)'}');
        if (close < 0)
        {
            return false;
        }

        hole.Text = template[..(close + 1)];
        hole.NameStart = hole.Text is [_, (byte)'@' or (byte)'$', ..] ? 2 : 1;
        var rest = hole.Text[hole.NameStart..close];
        var end = rest.IndexOfAnyExcept(NameBytes);
        hole.Name = end < 0 ? rest : rest[..end];
        rest = rest[hole.Name.Length..];
        if (rest is [(byte)',', ..])
        {
            var colon = rest.IndexOf((byte)':');
            var digits = colon < 0 ? rest[1..] : rest[1..colon];
            if (!System.Buffers.Text.Utf8Parser.TryParse(digits, out hole.Alignment, out var used) || used != digits.Length || digits[0] == '+' || hole.Alignment is 0 or > MaxAlignment or < -MaxAlignment)
            {
                return false;
            }

            rest = rest[(1 + digits.Length)..];
        }

        if (rest is [(byte)':', ..])
        {
            hole.Format = rest[1..];
            return !hole.Name.IsEmpty && !hole.Format.IsEmpty && !hole.Format.ContainsAnyExcept(FormatBytes);
        }

        return !hole.Name.IsEmpty && rest.IsEmpty;
    }

    /// <summary>The format as text; null for none.</summary>
    public readonly string? FormatText => Format.IsEmpty ? null : Encoding.ASCII.GetString(Format);
}
