namespace QueueLog.Reading.Formats;

/// <summary>Finds the exception below an entry in Text: its type and message, four blanks in, and its stack, eight.</summary>
internal static class ExceptionBlock
{
    public const int StackIndentation = 8;

    /// <summary>Where the line break before the block is; -1 without one.</summary>
    public static int Find(ReadOnlySpan<byte> entry)
    {
        for (var position = entry.IndexOf("\n    "u8); position >= 0;)
        {
            var line = entry[(position + 5)..];
            var end = line.IndexOf((byte)'\n');
            if (Begins(end < 0 ? line : line[..end], hasStack: end >= 0 && IsStack(line[(end + 1)..])))
            {
                return position;
            }

            var next = line.IndexOf("\n    "u8);
            position = next < 0 ? -1 : position + 5 + next;
        }

        return -1;
    }

    /// <summary>Where the line break before the first line of the stack is; -1 without one.</summary>
    public static int StackStart(ReadOnlySpan<byte> block) => block.IndexOf("\n        "u8);

    /// <summary>Whether a line can only be the first of an exception.</summary>
    public static bool Begins(ReadOnlySpan<byte> line, bool hasStack)
    {
        line = line.TrimEnd((byte)'\r');
        var type = line[..ExceptionSplitter.TypeLength(line)];
        return type.EndsWith("Exception"u8) || type.EndsWith("Error"u8) || (hasStack && type.Contains((byte)'.'));
    }

    private static bool IsStack(ReadOnlySpan<byte> lines) => lines.StartsWith("        "u8);
}
