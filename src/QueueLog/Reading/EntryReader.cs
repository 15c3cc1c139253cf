using QueueLog.Reading.Files;
using QueueLog.Reading.Formats;
using QueueLog.Reading.Search;
using QueueLog.Records;

namespace QueueLog.Reading;

/// <summary>Reads the entries of one file, or of a stretch of it that begins with an entry, block by block.</summary>
// Up to the limit the block holds whole entries of one format.
internal sealed class EntryReader : IDisposable
{
    private const int BlockLength = 256 * 1024;

    private readonly BlockBuffer block;
    private readonly EntryFormat format;
    private readonly LongEntry tooLong;
    private readonly EntryMatcher? matcher;
    private readonly CancellationToken cancellation;
    private int limit;
    private int searchedTo = -1;

    // There is no more to tell the format by.
    private bool isAtEnd;

    /// <param name="source">The bytes; disposed with the reader.</param>
    /// <param name="formats">Tells the format.</param>
    /// <param name="parser">The format in force where the source begins; null to find it out.</param>
    /// <param name="matcher">Gives only entries whose text matches.</param>
    /// <param name="blockLength">How many bytes are read at once.</param>
    /// <param name="cancellation">Ends a read between two blocks.</param>
    public EntryReader(
        ByteSource source,
        FormatFinder formats,
        EntryParser? parser = null,
        EntryMatcher? matcher = null,
        int blockLength = BlockLength,
        CancellationToken cancellation = default)
    {
        block = new BlockBuffer(source, blockLength);
        format = new EntryFormat(formats, parser);
        tooLong = new LongEntry(block);
        this.matcher = matcher;
        this.cancellation = cancellation;
    }

    /// <summary>The format in force; null before the first entry.</summary>
    public EntryParser? Parser => format.Parser;

    /// <summary>Of entries before that time, in UTC ticks, nothing but the time is given. Default: of none.</summary>
    public long SkipBefore { get; init; } = long.MinValue;

    /// <summary>Of entries whose level has no bit here, nothing but the level is given. Default: of none.</summary>
    public int OnlyLevels { get; init; }

    /// <summary>Bytes of an entry; a longer one is passed over.</summary>
    public int LongestEntry { get; init; } = ReadLimits.LongestEntry;

    /// <summary>Told where an entry begins that is passed over.</summary>
    public Action<long> ReportTooLong { get; init; } = static _ => { };

    /// <summary>Why the file could not be read to its end.</summary>
    public Exception? Failure => block.Failure;

    /// <summary>What the reader tells formats by.</summary>
    public FormatFinder Formats => format.Finder;

    /// <summary>Where the first byte that was not given stands.</summary>
    public long Position => block.Position;

    /// <summary>How far the file itself was read.</summary>
    public long ReadTo => block.ReadTo;

    /// <summary>Reads the next entry.</summary>
    /// <returns>False at the end of the data.</returns>
    public bool Read(EndOfData atEnd, out EntryView entry)
    {
        while (true)
        {
            if (block.Start >= limit && !Advance(atEnd))
            {
                entry = default;
                return false;
            }

            if (matcher is not null && !SkipToMatch())
            {
                continue;
            }

            var parser = Parser!;
            var next = EntryEnd(parser);
            if (next - block.Start > LongestEntry)
            {
                ReportTooLong(Position);
                block.Start = next;
                continue;
            }

            var text = EntryFormat.WithoutBreak(block.Rest[..(next - block.Start)]);
            var offset = Position;
            var isWanted = !parser.IsHeading(text) && matcher?.IsMatch(text) != false;
            block.Start = next;
            if (!isWanted)
            {
                continue;
            }

            entry = SkipBefore != long.MinValue && parser.TryReadTime(text, out var time) && time < SkipBefore ? Early(text, time)
                : OnlyLevels != 0 && parser.TryReadLevel(text, out var level) && (OnlyLevels & EntryFilter.BitOf(level)) == 0 ? Other(text, level)
                : parser.Parse(text);
            entry.Offset = offset;
            entry.IsUnfinished = next == block.End && atEnd == EndOfData.Final && block.UpTo(next)[^1] != '\n';
            return true;
        }
    }

    /// <summary>Passes over the rest of an entry that is too long: the source begins somewhere within it.</summary>
    public void PassOver()
    {
        ReportTooLong(Position);
        tooLong.Begin();
    }

    public void Dispose() => block.Dispose();

    private static EntryView Early(ReadOnlySpan<byte> text, long utcTicks)
    {
        var entry = new EntryView { State = EntryState.Record, Fields = EntryFields.Timestamp, Text = text };
        entry.Record.UtcTicks = utcTicks;
        return entry;
    }

    private static EntryView Other(ReadOnlySpan<byte> text, LogLevel level)
    {
        var entry = new EntryView { State = EntryState.Record, Fields = EntryFields.Level, Text = text };
        entry.Record.Level = level;
        return entry;
    }

    private int EntryEnd(EntryParser parser)
    {
        var rest = block.UpTo(limit);
        var next = block.Start;
        do
        {
            var line = rest[next..].IndexOf((byte)'\n');
            next = line < 0 ? limit : next + line + 1;
        }
        while (next < limit && parser.HasContinuations && parser.IsContinuation(rest[next..]));
        return next;
    }

    /// <summary>Moves on to the next entry before the limit that may match.</summary>
    private bool SkipToMatch()
    {
        var region = block.UpTo(limit);
        if (searchedTo != limit)
        {
            matcher!.Prepare(region, block.Start);
            searchedTo = limit;
        }

        var found = matcher!.Find(region, block.Start);
        if (found < 0)
        {
            Parser!.Pass(region[block.Start..]);
            block.Start = limit;
            return false;
        }

        // Back to where the entry begins, but not behind what was given already.
        var entry = LineStart(region, found);
        while (entry > block.Start && Parser!.IsContinuation(region[entry..]))
        {
            entry = LineStart(region, entry - 1);
        }

        Parser!.Pass(region[block.Start..entry]);
        block.Start = entry;
        return true;
    }

    private int LineStart(ReadOnlySpan<byte> region, int position) => block.Start + region[block.Start..position].LastIndexOf((byte)'\n') + 1;

    /// <summary>Reads on until there are whole entries.</summary>
    private bool Advance(EndOfData atEnd)
    {
        searchedTo = -1;
        var lineLength = 0;
        for (var isSearched = false; isSearched || !FindEntries();)
        {
            if (!tooLong.IsPassing && block.Rest.Length > LongestEntry + ReadLimits.LineStart)
            {
                // A heading, perhaps: whatever it says is not known then.
                format.ReadLong(block.Rest);
                PassOver();
                isSearched = false;
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            var known = block.Rest.Length;
            if (!block.Fill(LongestEntry + 2 * ReadLimits.LineStart))
            {
                return AdvanceAtEnd(Failure is null ? atEnd : EndOfData.Final);
            }

            // Within a long line a search of everything would come to the same again and again.
            var added = block.Rest[known..];
            var line = added.LastIndexOf((byte)'\n');
            lineLength = line < 0 ? lineLength + added.Length : added.Length - line - 1;
            isSearched = !tooLong.IsPassing && line < 0 && lineLength - added.Length > ReadLimits.LineStart;
        }

        return true;
    }

    private bool FindEntries() => tooLong.TryPass(Parser) ? FindLimit(EndOfData.More) : FindNothing();

    private bool FindNothing()
    {
        limit = block.Start;
        return false;
    }

    private bool AdvanceAtEnd(EndOfData atEnd)
    {
        isAtEnd = true;
        return tooLong.EndBlock(Parser, atEnd) ? FindNothing() : FindLimit(atEnd);
    }

    private bool FindLimit(EndOfData atEnd)
    {
        while (format.TryReadHead(block, atEnd, isAtEnd))
        {
        }

        limit = block.Start;
        var rest = block.Rest;
        if (Parser is null || rest.IsEmpty || EntryFormat.IsHeading(rest))
        {
            return false;
        }

        var heading = rest.IndexOf("\n# QueueLog:"u8);
        if (heading >= 0)
        {
            limit = block.Start + heading + 1;
        }
        else if (atEnd == EndOfData.Final)
        {
            limit = block.End;
        }
        else
        {
            limit = block.Start + (atEnd == EndOfData.Quiet ? rest.LastIndexOf((byte)'\n') + 1 : format.WholeEntries(rest));
        }

        return limit > block.Start;
    }
}

/// <summary>What it means that a file has no more bytes.</summary>
internal enum EndOfData
{
    /// <summary>More may come at any moment, and may belong to what is there.</summary>
    More,

    /// <summary>Nothing has come for a while: whole lines are whole entries.</summary>
    Quiet,

    /// <summary>That was all.</summary>
    Final,
}
