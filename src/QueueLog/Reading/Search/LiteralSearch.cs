using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace QueueLog.Reading.Search;

/// <summary>Looks for a text in UTF-8, with or without regard to case.</summary>
internal sealed class LiteralSearch
{
    // Letters whose other case is no ASCII: a match of .NET's may have these in place of k, i and s.
    private static readonly byte[][] Strangers = [.. new[] { "\u212A", "\u0130", "\u0131", "\u017F" }.Select(Encoding.UTF8.GetBytes)];

    private static readonly SearchValues<char> LettersWithStrangers = SearchValues.Create("kKiIsS");

    private readonly byte[] text;
    private readonly bool ignoreCase;
    private readonly bool hasStrangers;
    private readonly byte[] fold;

    // Of the bytes of the text the two that are rarest in logs.
    private readonly int first;
    private readonly int second;

    private LiteralSearch(string text, bool ignoreCase)
    {
        this.text = Encoding.UTF8.GetBytes(ignoreCase ? text.ToLowerInvariant() : text);
        this.ignoreCase = ignoreCase;
        hasStrangers = ignoreCase && text.AsSpan().ContainsAny(LettersWithStrangers);
        fold = [.. this.text.Select(c => ignoreCase && char.IsAsciiLetter((char)c) ? (byte)0x20 : (byte)0)];
        var byRarity = Enumerable.Range(0, this.text.Length).OrderBy(index => Frequency(this.text[index])).ToArray();
        first = byRarity[0];
        second = byRarity[1];
    }

    /// <summary>Null for a text that cannot be looked for in bytes.</summary>
    public static LiteralSearch? Create(string text, bool ignoreCase) =>
        text.Length > 1 && (!ignoreCase || Ascii.IsValid(text)) && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? new LiteralSearch(text, ignoreCase) : null;

    /// <summary>Whether a match in that region cannot be without the text.</summary>
    public bool IsReliableFor(ReadOnlySpan<byte> region)
    {
        if (!hasStrangers || Ascii.IsValid(region))
        {
            return true;
        }

        foreach (var stranger in Strangers)
        {
            if (region.IndexOf(stranger) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    public int IndexIn(ReadOnlySpan<byte> region)
    {
        var last = region.Length - text.Length;
        var position = 0;
        if (Vector256.IsHardwareAccelerated && last >= Vector256<byte>.Count)
        {
            ref var bytes = ref MemoryMarshal.GetReference(region);
            var firstByte = Vector256.Create(text[first]);
            var secondByte = Vector256.Create(text[second]);
            var firstFold = Vector256.Create(fold[first]);
            var secondFold = Vector256.Create(fold[second]);
            for (; position <= last - Vector256<byte>.Count; position += Vector256<byte>.Count)
            {
                var hits = Vector256.Equals(Vector256.LoadUnsafe(ref bytes, (nuint)(position + first)) | firstFold, firstByte)
                    & Vector256.Equals(Vector256.LoadUnsafe(ref bytes, (nuint)(position + second)) | secondFold, secondByte);
                for (var mask = hits.ExtractMostSignificantBits(); mask != 0; mask &= mask - 1)
                {
                    var candidate = position + BitOperations.TrailingZeroCount(mask);
                    if (IsAt(region, candidate))
                    {
                        return candidate;
                    }
                }
            }
        }

        for (; position <= last; position++)
        {
            if (IsAt(region, position))
            {
                return position;
            }
        }

        return -1;
    }

    private bool IsAt(ReadOnlySpan<byte> region, int position)
    {
        var there = region.Slice(position, text.Length);
        return ignoreCase ? Ascii.EqualsIgnoreCase(there, text) : there.SequenceEqual(text);
    }

    // Roughly how often a byte stands in a log: digits, blanks and the commonest letters are everywhere.
    private static int Frequency(byte c) => (char)c switch
    {
        ' ' or '0' or '1' or '2' or '3' => 100,
        >= '4' and <= '9' or ':' or '-' or ',' or '.' => 80,
        'e' or 'o' or 'n' or 'i' or 'r' or 't' or 'a' or 's' => 70,
        'm' or 'f' or 'l' or 'd' or 'c' or 'u' or 'p' or 'k' or 'w' or 'W' or 'I' => 50,
        >= 'a' and <= 'z' => 30,
        >= 'A' and <= 'Z' => 20,
        '"' or '=' or '_' or '/' => 40,
        _ => 10,
    };
}
