using QueueLog.Reading.Files;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Reading;

/// <summary>Goes on behind the end of a log: over rolls, restarts of its listener, and its being emptied or replaced.</summary>
internal sealed class LogFollower(string path, LogQuery query) : IDisposable
{
    private readonly LogReader reader = new(query with { Tail = null });

    // The file read last, kept open: it is known again by what it is, whatever it is called by now.
    private LogSegment? current;

    // Null when that file is done.
    private FilteredReader? entries;
    private FileEnd? end;

    /// <summary>The wanted entries the log holds now. To be read to the end before <see cref="Poll"/>.</summary>
    public IEnumerable<LogEntry> ReadPresent()
    {
        var segments = LogFileSet.Open(path, query.Report);
        return query.Tail is { } count ? ReadTail(segments, count) : ReadAll(segments);
    }

    /// <summary>What has come since.</summary>
    public IEnumerable<LogEntry> Poll()
    {
        // A file that has been moved away, without another in its place yet, may still be written to for a moment.
        var present = FileIdentity.Of(LogFileSet.Current(path));
        var isCurrent = entries is not null && (present is null ? end!.HasGrown : present == current!.Identity);
        return isCurrent ? PollCurrent() : PollNew();
    }

    public void Dispose()
    {
        entries?.Dispose();
        current?.Dispose();
    }

    private IEnumerable<LogEntry> PollCurrent()
    {
        if (!end!.IsStillThere || end.HasBegun)
        {
            // Emptied, and perhaps filled again: it is another log under the same name. Or it was empty, and told nothing of itself.
            entries!.Dispose();
            current!.Look();
            entries = reader.Open(current!);
            end = new FileEnd(current!.Handle, 0);
        }

        var hasGrown = end.HasGrown;
        if (hasGrown)
        {
            entries!.Entries.Formats.SetLastWrite(File.GetLastWriteTimeUtc(current!.Handle));
        }

        foreach (var entry in Drain(hasGrown ? EndOfData.More : EndOfData.Quiet))
        {
            yield return entry;
        }

        reader.ReportFields(current!, entries!);
        end = new FileEnd(current!.Handle, entries!.Entries.ReadTo);
    }

    private IEnumerable<LogEntry> PollNew()
    {
        // Nobody writes to a file any more that has another in its place.
        foreach (var entry in Drain(EndOfData.Final))
        {
            yield return entry;
        }

        entries?.Dispose();
        entries = null;
        var segments = LogFileSet.Open(path, query.Report);
        var from = current is null ? 0 : SegmentMatch.IndexBehind(segments, current);
        foreach (var segment in segments.Take(from))
        {
            segment.Dispose();
        }

        foreach (var entry in ReadAll([.. segments.Skip(from)]))
        {
            yield return entry;
        }
    }

    private IEnumerable<LogEntry> ReadAll(IReadOnlyList<LogSegment> segments)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            if (i < segments.Count - 1 && reader.IsBefore(segments, i))
            {
                segments[i].Dispose();
                continue;
            }

            Follow(segments[i], reader.Open(segments[i]));
            var isLast = i == segments.Count - 1 && segments[i].IsLive;
            foreach (var entry in Drain(isLast ? EndOfData.More : EndOfData.Final))
            {
                yield return entry;
            }

            if (isLast)
            {
                reader.ReportFields(current!, entries!);
                end = new FileEnd(current!.Handle, entries!.Entries.ReadTo);
            }
            else
            {
                reader.Report(current!, entries!);
                entries!.Dispose();
                entries = null;
            }
        }
    }

    private IEnumerable<LogEntry> ReadTail(IReadOnlyList<LogSegment> segments, int count)
    {
        if (segments.Count == 0)
        {
            yield break;
        }

        var last = segments[^1];
        var goesOn = last is { IsLive: true, IsPlain: true };
        var place = goesOn ? FileEnd.LastLine(last.Handle) : long.MaxValue;
        foreach (var entry in last is { IsLive: true, IsPlain: false } ? TailOfStream(segments, count) : reader.Tail(segments, count, place))
        {
            yield return entry;
        }

        foreach (var segment in segments.SkipLast(1))
        {
            segment.Dispose();
        }

        current = last;
        if (goesOn)
        {
            Follow(last, reader.OpenBehind(last, place));
            end = new FileEnd(last.Handle, place);
        }
    }

    // The current file cannot be read from a place within: the reader that has read it to its end goes on.
    private IEnumerable<LogEntry> TailOfStream(IReadOnlyList<LogSegment> segments, int count)
    {
        var last = segments[^1];
        Follow(last, reader.Open(last));
        var entries = LogReader.Last(this.entries!, EndOfData.Quiet, count);
        end = new FileEnd(last.Handle, this.entries!.Entries.ReadTo);
        return reader.Tail([.. segments.SkipLast(1)], count - entries.Count).Concat(entries);
    }

    private void Follow(LogSegment segment, FilteredReader behind)
    {
        if (current != segment)
        {
            current?.Dispose();
        }

        current = segment;
        entries = behind;
    }

    private IEnumerable<LogEntry> Drain(EndOfData atEnd)
    {
        while (entries?.Next(atEnd) is { } entry)
        {
            yield return entry;
        }
    }
}
