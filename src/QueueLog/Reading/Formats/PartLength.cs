using QueueLog.Formatting;
using QueueLog.Records;

namespace QueueLog.Reading.Formats;

/// <summary>How far parts of a known form reach at the beginning of a text; -1 where they are not there.</summary>
internal static class PartLength
{
    /// <summary>Whether an exception, or the properties, can begin here.</summary>
    public static bool IsKnown(TemplateField field, ReadOnlySpan<byte> text, int indentation)
    {
        if (field == TemplateField.Properties)
        {
            return PropertyList.Begins(text);
        }

        var length = text.IndexOf((byte)'\n');
        return ExceptionBlock.Begins(length < 0 ? text : text[..length], hasStack: length >= 0 && ExceptionBlock.IsStack(text[(length + 1)..], indentation));
    }

    /// <summary>Bytes of as many characters as the value has at least.</summary>
    public static int LeastLength(TextPart part, ReadOnlySpan<byte> text)
    {
        var characters = Math.Abs(part.Width);
        var length = 0;
        while (characters > 0 && length < text.Length)
        {
            // A character ends before the next byte that is no continuation byte (10xxxxxx).
            length++;
            if (length == text.Length || (text[length] & 0xC0) != 0x80)
            {
                characters--;
            }
        }

        return length + characters;
    }

    /// <summary>A line break, with the indentation behind it where that is there.</summary>
    public static int BreakLength(ReadOnlySpan<byte> text, int indentation)
    {
        var length = text switch
        {
            [(byte)'\n', ..] => 1,
            [(byte)'\r', (byte)'\n', ..] => 2,
            [] => 0,
            _ => -1,
        };
        return length > 0 && EntryStart.BeginsBlank(text[length..], indentation) ? length + indentation : length;
    }

    public static int LevelAt(TextPart part, ReadOnlySpan<byte> text)
    {
        for (var level = 0; level < part.Levels.Length; level++)
        {
            if (text.StartsWith(part.Levels[level]))
            {
                return level;
            }
        }

        return -1;
    }

    /// <summary>A level as another program writes it, as far as the width of the part; -1 where there is none.</summary>
    public static int OtherLevelAt(TextPart part, ReadOnlySpan<byte> text, out LogLevel level)
    {
        var start = part.Width > 0 ? Math.Max(0, text.IndexOfAnyExcept((byte)' ')) : 0;
        var length = text[start..].IndexOfAnyExcept(LevelParser.Letters);
        var end = length < 0 ? text.Length : start + length;
        if (!LevelParser.TryParse(text[start..end], out level) || (part.Width > 0 && end < part.Width))
        {
            return -1;
        }

        end = Padded(part, text, end);
        return end < Math.Min(-part.Width, text.Length) ? -1 : end;
    }

    public static int NumberEnd(TextPart part, ReadOnlySpan<byte> text)
    {
        var start = part.Width > 0 ? Math.Max(0, text.IndexOfAnyExcept((byte)' ')) : 0;
        start += text[start..] is [(byte)'-', ..] ? 1 : 0;
        var end = start;
        while (end < text.Length && ((uint)(text[end] - '0') <= 9 || (part.IsGrouped && end > start && IsGroup(text[end..]))))
        {
            end++;
        }

        return end > start ? Padded(part, text, end) : -1;
    }

    // A comma with three digits behind it, and no fourth.
    private static bool IsGroup(ReadOnlySpan<byte> text)
    {
        var digits = text[0] == ',' ? text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') : 0;
        return digits == 3 || (digits < 0 && text.Length == 4);
    }

    // What is narrower than a width that aligns left is filled up with blanks.
    public static int Padded(TextPart part, ReadOnlySpan<byte> text, int length)
    {
        var width = -part.Width;
        while (length < width && length < text.Length && text[length] == ' ')
        {
            length++;
        }

        return length;
    }
}
