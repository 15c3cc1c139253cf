using QueueLog.Reading.Formats;
using QueueLog.Wire;

namespace QueueLog.Reading.Foreign;

/// <summary>Exceptions as the runtimes of other programs print them.</summary>
internal static class ForeignTrace
{
    private static ReadOnlySpan<byte> PythonStart => "Traceback (most recent call last):"u8;

    /// <summary>Takes a whole exception apart.</summary>
    public static void Split(ReadOnlySpan<byte> text, ref RecordView record)
    {
        if (!IsPrint(text))
        {
            record.HasException = true;
            record.ExceptionMessage = text;
            return;
        }

        if (!text.StartsWith(PythonStart))
        {
            ExceptionSplitter.Split(text, ref record);
            return;
        }

        // Python says last what it is about.
        var last = LastUnindented(text);
        ExceptionSplitter.Split(text[last..], ref record);
        record.ExceptionStackTrace = text[..last].TrimEnd("\r\n"u8);
    }

    /// <summary>Whether a text is a stack: an environment, say, is called so too.</summary>
    public static bool IsStack(ReadOnlySpan<byte> text) => text.Contains((byte)'\n') || text is [(byte)' ' or (byte)'\t', ..] || text.StartsWith("at "u8) || IsHead(text);

    /// <summary>Where an exception begins in the further lines of an entry; -1 where there is none.</summary>
    public static int Find(ReadOnlySpan<byte> lines)
    {
        for (var position = 0; position < lines.Length;)
        {
            var line = FirstLine(lines[position..]);
            if (line.StartsWith(PythonStart) || IsHead(line))
            {
                return position;
            }

            position += NextLine(lines[position..]);
        }

        return -1;
    }

    /// <summary>Whether a line is the first of an exception, or one below it.</summary>
    public static bool IsPart(ReadOnlySpan<byte> line) =>
        line is [] or [(byte)' ' or (byte)'\t', ..] || line.StartsWith(PythonStart) || line.StartsWith("Caused by:"u8) || IsHead(line);

    public static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        return (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
    }

    private static int NextLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        return end < 0 ? text.Length : end + 1;
    }

    // A text without a type is the message alone.
    private static bool IsPrint(ReadOnlySpan<byte> text) => text.Contains((byte)'\n') || IsHead(text);

    private static bool IsHead(ReadOnlySpan<byte> line)
    {
        var type = line[..ExceptionSplitter.TypeLength(line)];
        return type.EndsWith("Exception"u8) || type.EndsWith("Error"u8);
    }

    private static int LastUnindented(ReadOnlySpan<byte> text)
    {
        var last = 0;
        for (var position = 0; position < text.Length; position += NextLine(text[position..]))
        {
            last = text[position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' ? last : position;
        }

        return last;
    }
}
