using System.Buffers;
using System.Text.Unicode;

namespace QueueLog.Formatting;

/// <summary>Writes a text that came from outside so that it stays on its line, and reads back as it was.</summary>
// Control characters become \u001b and so on, and so do U+2028 and U+2029, which some readers take for the end of a line,
// and the controls of bidirectional text, by which a line is shown as another than it is. Bytes that are no UTF-8 become U+FFFD.
internal static class EscapedText
{
    // C2 and E2 begin the encodings of C1 controls and of those beyond U+2000, and those of harmless characters too.
    private static readonly SearchValues<byte> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Concat(['\\', 0x7F, 0xC2, 0xE2]).Select(value => (byte)value)]);

    private static readonly SearchValues<byte> QuotedSuspects = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Concat(['"', '\\', 0x7F, 0xC2, 0xE2]).Select(value => (byte)value)]);

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>The inside of a quoted value: a quotation mark, too, and every backslash gets a backslash before it, and there are \n, \r and \t.</summary>
    public static void AppendQuoted(this ref EntryWriter entry, scoped ReadOnlySpan<byte> text)
    {
        if (!entry.TryAppendPlain(text))
        {
            Append(ref entry, text, isQuoted: true);
        }
    }

    /// <summary>Without quotation marks in mind: only a backslash that an escape could be read from is escaped itself.</summary>
    public static void AppendEscaped(this ref EntryWriter entry, scoped ReadOnlySpan<byte> text)
    {
        if (!entry.TryAppendPlain(text))
        {
            Append(ref entry, text, isQuoted: false);
        }
    }

    /// <summary>Writes a character of the first 65,536 as <c>\u001b</c>.</summary>
    public static void AppendCodeUnit(this ref EntryWriter entry, int unit)
    {
        var hex = "0123456789abcdef"u8;
        entry.Append([(byte)'\\', (byte)'u', hex[unit >> 12], hex[(unit >> 8) & 0xF], hex[(unit >> 4) & 0xF], hex[unit & 0xF]]);
    }

    /// <summary>Whether a text begins with one of U+202A to U+202E and U+2066 to U+2069.</summary>
    public static bool IsBidirectional(scoped ReadOnlySpan<byte> text) => text is [0xE2, 0x80, >= 0xAA and <= 0xAE, ..] or [0xE2, 0x81, >= 0xA6 and <= 0xA9, ..];

    /// <summary>The character of three bytes that a text begins with.</summary>
    public static int CodeUnitOf(scoped ReadOnlySpan<byte> text) => ((text[0] & 0xF) << 12) | ((text[1] & 0x3F) << 6) | (text[2] & 0x3F);

    private static void Append(ref EntryWriter entry, scoped ReadOnlySpan<byte> text, bool isQuoted)
    {
        if (!Utf8.IsValid(text))
        {
            while (Utf8Text.TryReadInvalid(ref text, out var valid))
            {
                AppendValid(ref entry, valid, isQuoted);
                entry.Append(Utf8Text.Replacement);
            }
        }

        AppendValid(ref entry, text, isQuoted);
    }

    private static void AppendValid(ref EntryWriter entry, scoped ReadOnlySpan<byte> text, bool isQuoted)
    {
        var suspects = isQuoted ? QuotedSuspects : Suspects;
        for (var clean = text.IndexOfAny(suspects); clean >= 0; clean = text.IndexOfAny(suspects))
        {
            entry.Append(text[..clean]);
            text = text[clean..];
            text = text[AppendSuspect(ref entry, text, isQuoted)..];
        }

        entry.Append(text);
    }

    /// <returns>How many bytes were dealt with.</returns>
    private static int AppendSuspect(ref EntryWriter entry, scoped ReadOnlySpan<byte> text, bool isQuoted)
    {
        switch (text)
        {
            case [(byte)'"' or (byte)'\\', ..] when isQuoted:
                entry.Append([(byte)'\\', text[0]]);
                return 1;
            case [(byte)'\n', ..] when isQuoted:
                entry.Append("\\n"u8);
                return 1;
            case [(byte)'\r', ..] when isQuoted:
                entry.Append("\\r"u8);
                return 1;
            case [(byte)'\t', ..] when isQuoted:
                entry.Append("\\t"u8);
                return 1;
            case [(byte)'\\', ..] when !IsEscape(text):
                entry.AppendByte((byte)'\\');
                return 1;
            case [0xC2, < 0xA0, ..]:
                entry.AppendCodeUnit(text[1]);
                return 2;
            case [0xC2, ..]:
                entry.Append(text[..2]);
                return 2;
            case [0xE2, 0x80, 0xA8 or 0xA9, ..]:
            case [0xE2, ..] when IsBidirectional(text):
                entry.AppendCodeUnit(CodeUnitOf(text));
                return 3;
            case [0xE2, ..]:
                entry.Append(text[..3]);
                return 3;
            default:
                entry.AppendCodeUnit(text[0]);
                return 1;
        }
    }

    private static bool IsEscape(scoped ReadOnlySpan<byte> text) => text is [_, (byte)'u', _, _, _, _, ..] && !text[2..6].ContainsAnyExcept(HexDigits);
}
