using System.Buffers;
using System.Text.Unicode;

namespace QueueLog.Formatting;

/// <summary>Writes a text that came from outside so that it can neither start a line of its own nor steer a terminal.</summary>
// Every line break (CR LF, LF, CR, U+0085, U+2028, U+2029) becomes a line feed and indentation; the other control characters
// but the tab, and those of bidirectional text (U+202A to U+202E, U+2066 to U+2069), become \u001b and so on; bytes that are no UTF-8 become U+FFFD.
internal static class SafeText
{
    public const int Indentation = 4;

    // C2 and E2 begin the encodings of C1 controls and of those beyond U+2000, and those of harmless characters too.
    private static readonly SearchValues<byte> Suspects = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 0x7F, 0xC2, 0xE2]);

    public static void AppendText(this ref EntryWriter entry, scoped ReadOnlySpan<byte> text) => AppendText(ref entry, text, entry.Indentation);

    public static void AppendText(this ref EntryWriter entry, scoped ReadOnlySpan<byte> text, int indentation)
    {
        if (!text.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            entry.Append(text);
        }
        else if (Utf8.IsValid(text))
        {
            AppendValid(ref entry, text, indentation);
        }
        else
        {
            AppendInvalid(ref entry, text, indentation);
        }
    }

    /// <summary>The text without the line breaks at its end.</summary>
    public static ReadOnlySpan<byte> TrimEndBreaks(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (text[^1] is (byte)'\n' or (byte)'\r')
            {
                text = text[..^1];
            }
            else if (text is [.., 0xC2, 0x85])
            {
                text = text[..^2];
            }
            else if (text is [.., 0xE2, 0x80, 0xA8 or 0xA9])
            {
                text = text[..^3];
            }
            else
            {
                break;
            }
        }

        return text;
    }

    private static void AppendInvalid(ref EntryWriter entry, scoped ReadOnlySpan<byte> text, int indentation)
    {
        while (Utf8Text.TryReadInvalid(ref text, out var valid))
        {
            AppendValid(ref entry, valid, indentation);
            entry.Append(Utf8Text.Replacement);
        }

        AppendValid(ref entry, text, indentation);
    }

    private static void AppendValid(ref EntryWriter entry, scoped ReadOnlySpan<byte> text, int indentation)
    {
        while (true)
        {
            var clean = text.IndexOfAny(Suspects);
            if (clean < 0)
            {
                entry.Append(text);
                return;
            }

            entry.Append(text[..clean]);
            text = text[clean..];
            text = text[AppendSuspect(ref entry, text, indentation)..];
        }
    }

    /// <returns>How many bytes were dealt with.</returns>
    private static int AppendSuspect(ref EntryWriter entry, scoped ReadOnlySpan<byte> text, int indentation)
    {
        switch (text)
        {
            case [(byte)'\r', (byte)'\n', ..]:
                AppendBreak(ref entry, indentation);
                return 2;
            case [(byte)'\r' or (byte)'\n', ..]:
                AppendBreak(ref entry, indentation);
                return 1;
            case [0xC2, 0x85, ..]:
                AppendBreak(ref entry, indentation);
                return 2;
            case [0xC2, < 0xA0, ..]:
                entry.AppendCodeUnit(text[1]);
                return 2;
            case [0xC2, ..]:
                entry.Append(text[..2]);
                return 2;
            case [0xE2, 0x80, 0xA8 or 0xA9, ..]:
                AppendBreak(ref entry, indentation);
                return 3;
            case [0xE2, ..] when EscapedText.IsBidirectional(text):
                entry.AppendCodeUnit(EscapedText.CodeUnitOf(text));
                return 3;
            case [0xE2, ..]:
                entry.Append(text[..3]);
                return 3;
            default:
                entry.AppendCodeUnit(text[0]);
                return 1;
        }
    }

    private static void AppendBreak(ref EntryWriter entry, int indentation)
    {
        entry.AppendByte((byte)'\n');
        entry.AppendSpaces(indentation);
    }
}
