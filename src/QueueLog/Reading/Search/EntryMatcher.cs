using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace QueueLog.Reading.Search;

/// <summary>Finds the entries whose text matches a regular expression.</summary>
// Most entries do not match, so most of the work is to pass over them. Where the expression cannot match without a certain
// text, that text is looked for, in bytes. Where it cannot match beyond a line, whole blocks are searched at once, also when the
// text turns out to be in most entries. Otherwise every entry is asked. An expression that backtracks without end is searched for
// by the other engine from then on.
internal sealed class EntryMatcher(EntryPattern pattern)
{
    // An entry that is asked in vain costs as much as some hundred bytes of a block.
    private const int BytesForOneInVain = 1024;

    private readonly LiteralSearch? literal = pattern.Literal;
    private Regex regex = pattern.Regex;
    private char[] block = [];
    private char[] entry = [];
    private int blockStart;
    private int blockLength;
    private bool isNarrow;
    private bool usesLiteral;
    private bool usesBlock;

    // Entries of the region that had the text and did not match.
    private int inVain;
    private int regionLength;
    private bool isTextCommon;

    // Where the last character that was found stands, in characters and in bytes: the next is counted on from there.
    private (int Characters, int Bytes) counted;

    /// <summary>Makes a region ready for <see cref="Find"/>.</summary>
    public void Prepare(ReadOnlySpan<byte> region, int start)
    {
        isTextCommon |= pattern.StaysInLine && inVain > regionLength / BytesForOneInVain;
        inVain = 0;
        regionLength = region.Length - start;
        usesLiteral = literal is not null && !isTextCommon && literal.IsReliableFor(region[start..]);

        // A carriage return before a line break is no part of an entry.
        usesBlock = !usesLiteral && pattern.StaysInLine && !region[start..].Contains((byte)'\r');
        if (!usesBlock)
        {
            return;
        }

        blockStart = start;
        counted = default;
        blockLength = Widen(region[start..], ref block, out isNarrow);

        // Bytes that are no text have no certain place among the characters.
        usesBlock = isNarrow || Utf8.IsValid(region[start..]);
    }

    /// <summary>Where the next match may be, at or behind a position; -1 when there is none.</summary>
    /// <exception cref="RegexMatchTimeoutException">The expression took too long, and there is no other way.</exception>
    public int Find(ReadOnlySpan<byte> region, int from)
    {
        if (usesLiteral)
        {
            var found = literal!.IndexIn(region[from..]);
            return found < 0 ? -1 : from + found;
        }

        return usesBlock ? FindInBlock(region, from) : from;
    }

    /// <exception cref="RegexMatchTimeoutException">The expression took too long, and there is no other way.</exception>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        var length = Widen(text, ref entry, out _);
        var isMatch = Search(entry.AsSpan(0, length), -1) >= 0;
        inVain += isMatch ? 0 : 1;
        return isMatch;
    }

    private int FindInBlock(ReadOnlySpan<byte> region, int from)
    {
        var start = isNarrow ? from - blockStart : CharacterAt(region, from);
        var found = Search(block.AsSpan(0, blockLength), start);
        return found < 0 ? -1 : isNarrow ? blockStart + found : ByteAt(found);
    }

    /// <summary>Where the first match behind a start is; for a start of -1 only whether there is any.</summary>
    private int Search(ReadOnlySpan<char> text, int start)
    {
        try
        {
            return FirstMatch(text, start);
        }
        catch (RegexMatchTimeoutException) when (pattern.Linear is { } linear && linear != regex)
        {
            regex = linear;
            return FirstMatch(text, start);
        }
    }

    private int FirstMatch(ReadOnlySpan<char> text, int start)
    {
        if (start < 0)
        {
            return regex.IsMatch(text) ? 0 : -1;
        }

        foreach (var match in regex.EnumerateMatches(text, start))
        {
            return match.Index;
        }

        return -1;
    }

    private int CharacterAt(ReadOnlySpan<byte> region, int position)
    {
        var bytes = position - blockStart;
        counted = (counted.Characters + Encoding.UTF8.GetCharCount(region[(blockStart + counted.Bytes)..position]), bytes);
        return counted.Characters;
    }

    private int ByteAt(int character) =>
        blockStart + counted.Bytes + Encoding.UTF8.GetByteCount(block.AsSpan(counted.Characters, character - counted.Characters));

    private static int Widen(ReadOnlySpan<byte> text, ref char[] characters, out bool isNarrow)
    {
        if (characters.Length < text.Length)
        {
            characters = GC.AllocateUninitializedArray<char>(Math.Max(text.Length, 1024));
        }

        isNarrow = Ascii.ToUtf16(text, characters, out var length) == System.Buffers.OperationStatus.Done;
        return isNarrow ? length : Encoding.UTF8.GetChars(text, characters);
    }
}
