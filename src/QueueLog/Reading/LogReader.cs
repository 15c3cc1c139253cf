using QueueLog.Reading.Files;
using QueueLog.Reading.Formats;
using QueueLog.Reading.Search;

namespace QueueLog.Reading;

/// <summary>Reads one log: all its files, in order of time.</summary>
internal sealed class LogReader(LogQuery query)
{
    private readonly EntryBuilder builder = new(new TextCache());
    private readonly HashSet<string> toldFields = [];

    /// <summary>The wanted entries of a log.</summary>
    /// <param name="path">Full path of the log.</param>
    public IEnumerable<LogEntry> Read(string path) => Read(LogFileSet.Open(path, query.Report));

    /// <summary>The wanted entries of files that are in order of time. The files are closed as they are done.</summary>
    public IEnumerable<LogEntry> Read(IReadOnlyList<LogSegment> segments)
    {
        try
        {
            if (query.Tail is { } count)
            {
                foreach (var entry in Tail(segments, count))
                {
                    yield return entry;
                }

                yield break;
            }

            for (var i = 0; i < segments.Count; i++)
            {
                if (IsBefore(segments, i))
                {
                    continue;
                }

                using var reader = Open(segments[i]);
                while (reader.Next(EndOfData.Final) is { } entry)
                {
                    yield return entry;
                }

                Report(segments[i], reader);
                if (reader.IsBeyond)
                {
                    break;
                }
            }
        }
        finally
        {
            foreach (var segment in segments)
            {
                segment.Dispose();
            }
        }
    }

    /// <summary>The last wanted entries, oldest first.</summary>
    /// <param name="segments">Files in order of time.</param>
    /// <param name="count">How many.</param>
    /// <param name="end">Where the last file is taken to end.</param>
    public IEnumerable<LogEntry> Tail(IReadOnlyList<LogSegment> segments, int count, long end = long.MaxValue)
    {
        var parts = new Stack<IReadOnlyCollection<LogEntry>>();
        for (var i = segments.Count - 1; i >= 0 && count > 0 && !IsBefore(segments, i); i--)
        {
            IReadOnlyCollection<LogEntry> part = segments[i].IsPlain ? TailOfPlain(segments[i], count, end) : TailOfStream(segments[i], count);
            parts.Push(part);
            count -= part.Count;
            end = long.MaxValue;
        }

        return parts.SelectMany(part => part);
    }

    /// <summary>The last wanted entries of what a reader has yet to give.</summary>
    public static Queue<LogEntry> Last(FilteredReader reader, EndOfData atEnd, int count)
    {
        var last = new Queue<LogEntry>();
        while (reader.Next(atEnd) is { } entry)
        {
            last.Enqueue(entry);
            if (last.Count > count)
            {
                last.Dequeue();
            }
        }

        return last;
    }

    /// <summary>A reader of what stands in a plain file behind a place where an entry ends.</summary>
    public FilteredReader OpenBehind(LogSegment segment, long place)
    {
        var formats = FormatsOf(segment);
        return place == 0
            ? Open(segment, formats, segment.Read(), null)
            : Open(segment, formats, new PlainSource(segment.Handle, place), new FormatLocator(segment.Handle, formats).At(place));
    }

    /// <summary>A reader of a file, where the times allow it from a place within.</summary>
    public FilteredReader Open(LogSegment segment)
    {
        var formats = FormatsOf(segment);
        if (!segment.IsPlain || query.Filter.Since == long.MinValue)
        {
            return Open(segment, formats, segment.Read(), null);
        }

        var locator = new FormatLocator(segment.Handle, formats);
        var length = RandomAccess.GetLength(segment.Handle);
        var place = TimeSeeker.Find(segment, locator, formats, length, query);
        if (place == 0)
        {
            return Open(segment, formats, segment.Read(), null);
        }

        var parser = locator.At(place);
        var farthest = Math.Min(length, place + query.LongestEntry);
        var start = locator.EntryStart(parser, place, farthest);
        if (start < farthest || start == length)
        {
            return Open(segment, formats, new PlainSource(segment.Handle, start), parser);
        }

        // Within an entry that is too long, or right behind it.
        var reader = Open(segment, formats, new PlainSource(segment.Handle, start - 1), parser);
        reader.Entries.PassOver();
        return reader;
    }

    /// <summary>Tells what kept a file that is done from being read as asked.</summary>
    public void Report(LogSegment segment, FilteredReader reader)
    {
        if (reader.Entries.Failure is { } failure)
        {
            query.Report(new ReadProblem(failure is InvalidDataException ? ReadFault.Damaged : ReadFault.Unreadable, segment.Path, failure));
        }

        if (reader.LacksTimes)
        {
            query.Report(new ReadProblem(ReadFault.NoTimes, segment.Path, null));
        }

        ReportFields(segment, reader);
    }

    /// <summary>Tells by what no entry of a file could be chosen, once for the log.</summary>
    public void ReportFields(LogSegment segment, FilteredReader reader)
    {
        string[] fields = [.. reader.LackedFields.Where(toldFields.Add)];
        if (fields.Length > 0)
        {
            query.Report(new ReadProblem(ReadFault.NoField, segment.Path, null) { Fields = fields });
        }
    }

    private FormatFinder FormatsOf(LogSegment segment) =>
        new(query.Template, query.Zone, TimeZoneInfo.ConvertTimeFromUtc(segment.LastWriteUtc, query.Zone), query.LinePattern);

    private FilteredReader Open(LogSegment segment, FormatFinder formats, ByteSource source, EntryParser? parser)
    {
        var matcher = query.Pattern is { } pattern ? new EntryMatcher(pattern) : null;
        var entries = new EntryReader(source, formats, parser, matcher, cancellation: query.Cancellation)
        {
            SkipBefore = query.Filter.Since,
            OnlyLevels = query.Filter.OnlyLevels(),
            LongestEntry = query.LongestEntry,
            ReportTooLong = offset => ReportTooLong(segment, offset),
        };
        return new FilteredReader(entries, query.Filter, builder, segment.Path);
    }

    private void ReportTooLong(LogSegment segment, long offset) =>
        query.Report(new ReadProblem(ReadFault.EntryTooLong, segment.Path, null) { Offset = offset });

    /// <summary>Whether everything in a rolled file is earlier than what is wanted.</summary>
    // Its last write is later than any of its records, wherever the file was copied to or compressed since. A moment more is for
    // file systems that keep times coarsely.
    public bool IsBefore(IReadOnlyList<LogSegment> segments, int index) =>
        index < segments.Count - 1
        && query.Filter.Since != long.MinValue
        && segments[index].LastWriteUtc.AddSeconds(3).Ticks < query.Filter.Since;

    /// <summary>Reads a file that cannot be read from its end.</summary>
    private Queue<LogEntry> TailOfStream(LogSegment segment, int count)
    {
        using var reader = Open(segment);
        var last = Last(reader, EndOfData.Final, count);
        Report(segment, reader);
        return last;
    }

    /// <summary>Reads stretch by stretch, from the end towards the beginning.</summary>
    private LinkedList<LogEntry> TailOfPlain(LogSegment segment, int count, long fileEnd)
    {
        const int Stretch = 256 * 1024;
        var last = new LinkedList<LogEntry>();
        var formats = FormatsOf(segment);
        var locator = new FormatLocator(segment.Handle, formats);
        var length = Stretch;
        for (var end = Math.Min(fileEnd, RandomAccess.GetLength(segment.Handle)); end > 0 && last.Count < count;)
        {
            query.Cancellation.ThrowIfCancellationRequested();
            var from = Math.Max(0, end - length);
            var parser = from == 0 ? null : locator.At(from);
            var start = parser is null ? 0 : locator.EntryStart(parser, from, end);
            if (start == end)
            {
                // An entry longer than the stretch, or than any.
                if (length > query.LongestEntry)
                {
                    end = locator.LastEntryStart(parser!, end, query.Cancellation);
                    ReportTooLong(segment, end);
                    length = Stretch;
                }
                else
                {
                    length *= 2;
                }

                continue;
            }

            using var reader = Open(segment, formats, new PlainSource(segment.Handle, start, end), parser);
            var found = new List<LogEntry>();
            while (reader.Next(EndOfData.Final) is { } entry)
            {
                found.Add(entry);
            }

            for (var i = found.Count - 1; i >= 0 && last.Count < count; i--)
            {
                last.AddFirst(found[i]);
            }

            Report(segment, reader);
            end = start;
            length = Stretch;
        }

        return last;
    }
}
