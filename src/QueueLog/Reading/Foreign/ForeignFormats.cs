using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Foreign;

/// <summary>Recognizes the files of other programs: by the format that most of the first lines fit.</summary>
internal static class ForeignFormats
{
    /// <summary>Bytes of a file that are looked at.</summary>
    public const int SampleLength = 16 * 1024;

    private const int MostLines = 50;

    // Of an entry, on average.
    private const int MostFurther = 16;

    // Of a line by itself, as that of an object may be.
    private const int LongestLine = 1024 * 1024;

    /// <summary>The parser for a pattern.</summary>
    public static EntryParser Of(LinePattern pattern, ReadOnlySpan<byte> text, Func<TimePlacer> placer) => Ordered(Of(pattern, placer()), LinesOf(text), placer);

    /// <summary>The parser for a file whose first line does not tell; null where nothing does.</summary>
    /// <param name="text">The beginning of the file.</param>
    /// <param name="own">Makes the parser for our own lines in the default template.</param>
    /// <param name="placer">Makes what knows what times leave out.</param>
    public static EntryParser? Recognize(ReadOnlySpan<byte> text, Func<EntryParser> own, Func<TimePlacer> placer)
    {
        var lines = LinesOf(text);
        List<Func<EntryParser>> makers =
        [
            own, () => new JsonEntryParser(), () => new LogfmtEntryParser(), () => new CsvEntryParser(),
            () => new ForeignJsonParser(placer()), () => new ForeignLogfmtParser(placer()), () => new W3cEntryParser(placer()),
        ];
        var candidates = makers.ConvertAll(make => (Parser: make(), Make: make));
        candidates.AddRange(LinePatterns.All.Select(pattern => ((EntryParser)new PatternEntryParser(pattern, placer(), onlyLooks: true), (Func<EntryParser>)(() => Of(pattern, placer())))));
        var fits = candidates.ConvertAll(candidate => CountFits(candidate.Parser, lines));

        // The first are the more particular: of those that fit nearly as well as the best.
        var best = fits.Max();
        return best > 0 ? Ordered(candidates[fits.FindIndex(count => count * 10 >= best * 9)].Make(), lines, placer) : null;
    }

    private static EntryParser Of(LinePattern pattern, TimePlacer placer) => pattern == LinePatterns.Iis ? new W3cEntryParser(placer) : new PatternEntryParser(pattern, placer);

    private static EntryParser Ordered(EntryParser parser, List<byte[]> lines, Func<TimePlacer> placer)
    {
        if (parser is ForeignEntryParser foreign)
        {
            foreign.Order = DateOrderFinder.Find(foreign, lines, placer().Latest);
        }

        return parser;
    }

    // 0 where most lines do not fit. Headings and further lines do not count, as long as there are not too many.
    private static int CountFits(EntryParser parser, List<byte[]> lines)
    {
        var fit = 0;
        var counted = 0;
        var further = 0;
        foreach (var line in lines.Where(line => !parser.IsHeading(line)))
        {
            var entry = parser.Parse(line);
            var fits = entry.State == EntryState.Record && (entry.Has(EntryFields.Timestamp) || entry.Has(EntryFields.Level) || !entry.Record.Message.SequenceEqual(line))
                && (parser is not LogfmtEntryParser || LogfmtEntryParser.Begins(line));
            fit += fits ? 1 : 0;
            var isFurther = !fits && fit > 0 && parser.IsContinuation(line);
            further += isFurther ? 1 : 0;
            counted += fits || !(isFurther || ForeignTrace.IsPart(line)) ? 1 : 0;
        }

        return fit * 2 > counted && fit * MostFurther >= further ? fit : 0;
    }

    private static List<byte[]> LinesOf(ReadOnlySpan<byte> text)
    {
        var lines = new List<byte[]>();
        var sample = text.Length > SampleLength && text[..SampleLength].LastIndexOf((byte)'\n') is >= 0 and var end ? text[..end] : text;
        while (!sample.IsEmpty && lines.Count < MostLines)
        {
            var line = ForeignTrace.FirstLine(sample);
            var next = sample.IndexOf((byte)'\n');
            sample = next < 0 ? default : sample[(next + 1)..];
            if (line.Length is > 0 and < LongestLine)
            {
                lines.Add(line.ToArray());
            }
        }

        return lines;
    }
}
