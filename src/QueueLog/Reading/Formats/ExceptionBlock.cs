using QueueLog.Formatting;

namespace QueueLog.Reading.Formats;

/// <summary>Finds the exception below an entry in Text: its type and message, indented, and its stack, four blanks further in.</summary>
internal static class ExceptionBlock
{
    /// <summary>Where the line break before the block is; -1 without one.</summary>
    public static int Find(ReadOnlySpan<byte> entry, int indentation)
    {
        for (var position = NextLine(entry, indentation); position >= 0;)
        {
            var line = entry[(position + 1 + indentation)..];
            var end = line.IndexOf((byte)'\n');
            if (Begins(end < 0 ? line : line[..end], hasStack: end >= 0 && IsStack(line[(end + 1)..], indentation)))
            {
                return position;
            }

            var next = NextLine(line, indentation);
            position = next < 0 ? -1 : position + 1 + indentation + next;
        }

        return -1;
    }

    /// <summary>Where the line break before the first line of the stack is; -1 without one.</summary>
    public static int StackStart(ReadOnlySpan<byte> block, int indentation) => NextLine(block, StackIndentation(indentation));

    public static int StackIndentation(int indentation) => indentation + SafeText.Indentation;

    /// <summary>Whether a line can only be the first of an exception.</summary>
    public static bool Begins(ReadOnlySpan<byte> line, bool hasStack)
    {
        line = line.TrimEnd((byte)'\r');
        var type = line[..ExceptionSplitter.TypeLength(line)];
        return type.EndsWith("Exception"u8) || type.EndsWith("Error"u8) || (hasStack && type.Contains((byte)'.'));
    }

    public static bool IsStack(ReadOnlySpan<byte> lines, int indentation) => EntryStart.BeginsBlank(lines, StackIndentation(indentation));

    /// <summary>Where the line break before a line is that is indented so far; -1 without one.</summary>
    private static int NextLine(ReadOnlySpan<byte> text, int indentation)
    {
        var position = 0;
        while (text[position..].IndexOf((byte)'\n') is var found and >= 0)
        {
            position += found;
            if (EntryStart.BeginsBlank(text[(position + 1)..], indentation))
            {
                return position;
            }

            position++;
        }

        return -1;
    }
}
