using System.Text;
using QueueLog.Formatting;
using QueueLog.Reading.Files;
using QueueLog.Reading.Foreign;
using QueueLog.Reading.Formats;

namespace QueueLog.Reading;

/// <summary>The format that is in force where a file is read, as headings and first lines tell it.</summary>
/// <param name="formats">Tells the format.</param>
/// <param name="parser">The format in force at the begin; null to find it out.</param>
internal sealed class EntryFormat(FormatFinder formats, EntryParser? parser)
{
    // No line of a growing file has told its format yet.
    private bool isGuess;

    /// <summary>The format in force; null before the first entry.</summary>
    public EntryParser? Parser { get; private set; } = parser;

    /// <summary>What tells formats.</summary>
    public FormatFinder Finder => formats;

    public static bool IsHeading(ReadOnlySpan<byte> line) => line.StartsWith(FormatLines.Mark);

    public static ReadOnlySpan<byte> WithoutBreak(ReadOnlySpan<byte> text)
    {
        text = text is [.., (byte)'\n'] ? text[..^1] : text;
        return text is [.., (byte)'\r'] ? text[..^1] : text;
    }

    /// <summary>Takes what stands before the entries: a byte order mark, the first line's format, headings.</summary>
    /// <param name="block">Where they stand; it moves on behind what was taken.</param>
    /// <param name="atEnd">What it means that there are no more bytes.</param>
    /// <param name="isAtEnd">Whether there is no more to tell the format by.</param>
    /// <returns>False when there is nothing more to take.</returns>
    public bool TryReadHead(BlockBuffer block, EndOfData atEnd, bool isAtEnd)
    {
        var rest = block.Rest;
        if (Parser is null && block.Position == 0 && rest.StartsWith(Encoding.UTF8.Preamble))
        {
            block.Start += Encoding.UTF8.Preamble.Length;
            return true;
        }

        var lineEnd = rest.IndexOf((byte)'\n');
        if (rest.IsEmpty || (lineEnd < 0 && atEnd != EndOfData.Final))
        {
            return false;
        }

        var line = lineEnd < 0 ? rest : rest[..lineEnd];
        if (IsHeading(line))
        {
            Parser = formats.OfHeading(line);
            isGuess = false;
            block.Start += Math.Min(line.Length + 1, rest.Length);
            return true;
        }

        // Another program's format is told by several lines: as many as there are, up to a limit.
        Parser ??= formats.OfFirstLine(WithoutBreak(line));
        if ((Parser is null && (isAtEnd || rest.Length >= ForeignFormats.SampleLength)) || isGuess)
        {
            Parser = formats.OfFirstLines(rest, out var isKnown);
            isGuess = !isKnown && rest.Length < ForeignFormats.SampleLength;
        }

        return false;
    }

    /// <summary>Takes the format of an entry, or heading, that is too long to be read.</summary>
    public void ReadLong(ReadOnlySpan<byte> rest) =>
        Parser = IsHeading(rest) ? formats.OfHeading(rest) : Parser ?? formats.OfFirstLines(rest);

    /// <summary>How many bytes are surely whole entries, whatever comes behind.</summary>
    public int WholeEntries(ReadOnlySpan<byte> rest)
    {
        var lines = rest.LastIndexOf((byte)'\n') + 1;
        if (!Parser!.HasContinuations)
        {
            return lines;
        }

        // The last entry may go on in lines that are not there yet.
        var isWhole = lines < rest.Length
            && (Parser.SurelyBegins(rest[lines]) || (rest.Length - lines >= ReadLimits.LineStart && !Parser.IsContinuation(rest[lines..])));
        while (lines > 0 && !isWhole)
        {
            lines = rest[..(lines - 1)].LastIndexOf((byte)'\n') + 1;
            isWhole = !Parser.IsContinuation(rest[lines..]);
        }

        return lines;
    }
}
