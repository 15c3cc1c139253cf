using Microsoft.Win32.SafeHandles;
using QueueLog.Formatting;
using QueueLog.Reading.Foreign;
using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Files;

/// <summary>Tells for any place in a file which format is in force there, and where the next entry begins.</summary>
internal sealed class FormatLocator(SafeFileHandle file, FormatFinder formats)
{
    private const int LongestLine = 64 * 1024;

    private readonly HeadingFinder headings = new((buffer, place) => Read(file, buffer, place).Length, [(byte)'\n', .. FormatLines.Mark]);
    private readonly HeadingFinder columns = new((buffer, place) => Read(file, buffer, place).Length, W3cEntryParser.FieldsMark.ToArray());

    // That of the last heading that was asked for, or of the beginning.
    private (long? Heading, EntryParser? Parser) last;

    /// <summary>The format at the beginning of the file.</summary>
    public EntryParser Head()
    {
        var start = new byte[LongestLine];
        var text = Read(file, start, 0);
        text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
        var line = FirstLine(text);
        return line.StartsWith(FormatLines.Mark)
            ? WithColumns(formats.OfHeading(line), text[Math.Min(line.Length + 1, text.Length)..])
            : WithColumns(formats.OfFirstLines(text), text);
    }

    /// <summary>The format in force at a place.</summary>
    public EntryParser At(long place)
    {
        var heading = headings.LastBefore(place);
        if (last.Parser is null || last.Heading != heading)
        {
            last = (heading, heading is { } start ? OfHeadingAt(start) : Head());
        }

        // Such a file may name its columns anew anywhere.
        return last.Parser is W3cEntryParser w3c && columns.LastBefore(place) is { } line ? w3c.Below(FirstLine(Read(file, new byte[LongestLine], line))) : last.Parser!;
    }

    /// <summary>Where the first entry begins at or behind a place; the limit if none does before it.</summary>
    public long EntryStart(EntryParser parser, long place, long limit)
    {
        if (place == 0)
        {
            return 0;
        }

        var block = new byte[Math.Min(LongestLine, limit - (place - 1))];

        // A line that begins right at the place counts, so the byte before it is looked at, too.
        for (var from = place - 1; ;)
        {
            var text = Read(file, block.AsSpan(0, (int)Math.Min(block.Length, limit - from)), from);
            var isLast = text.Length < block.Length || from + text.Length == limit;
            var line = text.IndexOf((byte)'\n') + 1;
            while (line > 0 && line < text.Length && (isLast || text.Length - line >= ReadLimits.LineStart))
            {
                if (IsStart(parser, text[line..]))
                {
                    return from + line;
                }

                var next = text[line..].IndexOf((byte)'\n');
                line = next < 0 ? 0 : line + next + 1;
            }

            if (isLast)
            {
                return limit;
            }

            from += line > 0 ? line - 1 : text.Length;
        }
    }

    /// <summary>Where the last entry before a place begins.</summary>
    public long LastEntryStart(EntryParser parser, long place, CancellationToken cancellation)
    {
        var block = new byte[LongestLine + ReadLimits.LineStart];
        for (var end = place; end > 0; end -= LongestLine)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Math.Max(0, end - LongestLine);
            var text = Read(file, block.AsSpan(0, (int)Math.Min(block.Length, place - start)), start);
            for (var line = LineBefore(text, (int)(end - start)); line >= 0; line = LineBefore(text, line))
            {
                if (line + 1 < text.Length && IsStart(parser, text[(line + 1)..]))
                {
                    return start + line + 1;
                }
            }
        }

        return 0;

        static int LineBefore(ReadOnlySpan<byte> text, int end) => text[..Math.Min(end, text.Length)].LastIndexOf((byte)'\n');
    }

    private static bool IsStart(EntryParser parser, ReadOnlySpan<byte> lines) => !parser.IsContinuation(lines);

    private EntryParser OfHeadingAt(long place)
    {
        var text = Read(file, new byte[2 * LongestLine], place);
        var line = FirstLine(text);
        return WithColumns(formats.OfHeading(line), text[Math.Min(line.Length + 1, text.Length)..]);
    }

    // In Csv the line behind the heading names the columns; other programs' may do it in the last of several.
    private static EntryParser WithColumns(EntryParser parser, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && parser.IsHeading(FirstLine(text)))
        {
            text = text[Math.Min(FirstLine(text).Length + 1, text.Length)..];
        }

        return parser;
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        return (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
    }

    private static ReadOnlySpan<byte> Read(SafeFileHandle file, Span<byte> block, long place)
    {
        var length = 0;
        while (length < block.Length && RandomAccess.Read(file, block[length..], place + length) is > 0 and var read)
        {
            length += read;
        }

        LoneBreaks.Replace(block[..length]);
        return block[..length];
    }
}
