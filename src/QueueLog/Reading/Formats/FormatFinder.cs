using System.Text;
using QueueLog.Formatting;
using QueueLog.Reading.Foreign;

namespace QueueLog.Reading.Formats;

/// <summary>Which parser a file's entries need, by its headings or its first line.</summary>
internal sealed class FormatFinder
{
    private const int LongestHeading = 64 * 1024;

    private readonly string? template;
    private readonly LinePattern? pattern;
    private readonly TimeZoneInfo zone;
    private readonly LastWrite lastWrite;

    /// <param name="template">Of the entries that stand below no heading; null for the default.</param>
    /// <param name="zone">The zone of times without an offset.</param>
    /// <param name="latest">For times that say no day or no year: no entry is later than this.</param>
    /// <param name="pattern">Of the entries of another program that stand below no heading; null for none.</param>
    public FormatFinder(string? template, TimeZoneInfo zone, DateTime latest, LinePattern? pattern = null)
    {
        this.template = template;
        this.pattern = pattern;
        this.zone = zone;
        lastWrite = new LastWrite(latest);
    }

    /// <summary>The file has been written since.</summary>
    public void SetLastWrite(DateTime utc) => lastWrite.Time = TimeZoneInfo.ConvertTimeFromUtc(utc, zone);

    /// <summary>Whether local times around a moment come twice, so that those without an offset may be taken for another hour's.</summary>
    public bool ComesTwiceAround(long utcTicks)
    {
        for (var ticks = utcTicks - 3 * TimeSpan.TicksPerHour; ticks <= utcTicks + 3 * TimeSpan.TicksPerHour; ticks += 15 * TimeSpan.TicksPerMinute)
        {
            if (ticks > 0 && ticks < DateTime.MaxValue.Ticks && zone.IsAmbiguousTime(TimeZoneInfo.ConvertTimeFromUtc(new DateTime(ticks, DateTimeKind.Utc), zone)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The parser for what follows a heading.</summary>
    public EntryParser OfHeading(ReadOnlySpan<byte> line)
    {
        var what = line[FormatLines.Mark.Length..].Trim((byte)' ').TrimEnd((byte)'\r');
        if (what.SequenceEqual("json"u8))
        {
            return new JsonEntryParser();
        }

        if (what.SequenceEqual("logfmt"u8))
        {
            return new LogfmtEntryParser();
        }

        if (what.SequenceEqual("csv"u8))
        {
            return new CsvEntryParser();
        }

        // The template begins behind one blank: it may begin with blanks itself.
        var text = line[FormatLines.Mark.Length..].TrimStart((byte)' ').TrimEnd((byte)'\r');
        if (text.StartsWith("text "u8) && text.Length <= LongestHeading)
        {
            try
            {
                return new TextEntryParser(Encoding.UTF8.GetString(text[5..]), Placer());
            }
            catch (TemplateException)
            {
                // A later version's, or nonsense.
            }
        }

        return new RawParser();
    }

    /// <summary>The parser for a file that begins with that line; null when the line does not tell.</summary>
    public EntryParser? OfFirstLine(ReadOnlySpan<byte> line)
    {
        if (pattern is not null)
        {
            return null;
        }

        if (template is not null)
        {
            return new TextEntryParser(template, Placer());
        }

        if (line is [(byte)'{', ..] && line.IndexOf("\"@t\":"u8) > 0)
        {
            return new JsonEntryParser();
        }

        if (LogfmtEntryParser.Begins(line))
        {
            return new LogfmtEntryParser();
        }

        if (CsvEntryParser.IsColumns(line))
        {
            return new CsvEntryParser();
        }

        var text = Default();
        return text.Parse(line).State == EntryState.Record ? text : null;
    }

    /// <summary>The parser for a file that begins with those lines.</summary>
    public EntryParser OfFirstLines(ReadOnlySpan<byte> text) => OfFirstLines(text, out _);

    /// <summary>The parser for a file that begins with those lines.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="isKnown">False where none of them tells.</param>
    public EntryParser OfFirstLines(ReadOnlySpan<byte> text, out bool isKnown)
    {
        var parser = pattern is not null ? ForeignFormats.Of(pattern, text, Placer)
            : OfFirstLine(ForeignTrace.FirstLine(text)) ?? ForeignFormats.Recognize(text, Default, Placer);
        isKnown = parser is not null;
        return parser ?? Default();
    }

    // Each parser follows the order of the entries that it reads.
    private TimePlacer Placer() => new(zone, lastWrite);

    private TextEntryParser Default() => new(TemplateFormatter.DefaultTemplate, Placer());
}

/// <summary>For what follows a heading that names a format nobody here knows: every line is raw.</summary>
internal sealed class RawParser : EntryParser
{
    public override string Name => "unknown";

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry) => EntryState.Raw;
}
