using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Files;

/// <summary>Finds in a plain file where the entries since a time begin, without reading what is before.</summary>
// A record is never written before its time, but it may be written long after it: a dead process's journal comes whole when the
// next listener starts. So a single early time says little. A later one says much: what is at or behind the place where
// records of a time are written first. Each round looks at places all over the stretch, takes the first that is late enough, and
// leaves room before it for a few that are misleading; and so does the result.
internal static class TimeSeeker
{
    private const int Steps = 32;
    private const int Room = 3;
    private const int Probes = 4;
    private const int ProbeLength = 64 * 1024;
    private const long Near = 1024 * 1024;

    private const long LongestPutBack = 2 * TimeSpan.TicksPerHour;

    /// <summary>How much may be written of earlier times between records of a time: the journals of many processes.</summary>
    public const long Lateness = 16 * 1024 * 1024;

    /// <returns>A place at or before the first entry of that time or a later one.</returns>
    public static long Find(LogSegment segment, FormatLocator locator, FormatFinder formats, long length, LogQuery query)
    {
        long low = 0;
        var high = length;
        var parser = locator.Head();
        var sinceTicks = query.Filter.Since;
        if (formats.ComesTwiceAround(sinceTicks))
        {
            // By itself a time does not tell which of the two it is.
            sinceTicks -= LongestPutBack;
        }

        if (length > Near && IsDescending())
        {
            return 0;
        }

        while (high - low > Near)
        {
            var step = (high - low) / Steps;
            var first = 1;
            while (first < Steps && TimeAt(low + first * step) is { } time && time < sinceTicks)
            {
                first++;
            }

            high = first == Steps ? high : low + first * step;
            low += Math.Max(0, first - Room) * step;
        }

        return Math.Max(0, low - Lateness);

        // The newest first, as some programs write or export their logs: of those everything is read.
        bool IsDescending()
        {
            var steps = 0;
            var last = TimeAt(0);
            for (var probe = 1; probe <= Probes; probe++)
            {
                var time = TimeAt(Math.Min(length * probe / Probes, length - ProbeLength));
                steps += last is { } one && time is { } other ? one.CompareTo(other) : 0;
                last = time ?? last;
            }

            return steps > 0;
        }

        long? TimeAt(long place)
        {
            query.Cancellation.ThrowIfCancellationRequested();

            var farthest = Math.Min(length, place + query.LongestEntry);
            var start = locator.EntryStart(parser, place, farthest);
            if (start == farthest)
            {
                // Within an entry that is too long there is no time to be seen.
                return null;
            }

            var end = Math.Min(length, start + query.LongestEntry);
            using var entries = new EntryReader(new PlainSource(segment.Handle, start, end), formats, parser, blockLength: 16 * 1024);
            for (var i = 0; i < 8 && entries.Read(EndOfData.Final, out var entry); i++)
            {
                if (entry.Has(EntryFields.Timestamp))
                {
                    return entry.Record.UtcTicks;
                }
            }

            // Not in the format the file began with; or there is no time to be seen, and it has to be read.
            if (locator.At(start) is var other && other.Name != parser.Name)
            {
                parser = other;
            }

            return null;
        }
    }
}
