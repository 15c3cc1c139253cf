using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Foreign;

/// <summary>Finds the order of a file's dates, once for the whole file: by its first lines, and by its last write.</summary>
internal static class DateOrderFinder
{
    // Zones and coarse clocks.
    private const long Near = TimeSpan.TicksPerDay + TimeSpan.TicksPerHour * 14;
    private const long Far = 2 * 366 * TimeSpan.TicksPerDay;

    // Times of one order follow each other so much more closely than those of another.
    private const int Closer = 4;

    private static readonly DateOrder[] Orders = [DateOrder.YearFirst, DateOrder.MonthFirst, DateOrder.DayFirst];

    /// <param name="parser">Of the file.</param>
    /// <param name="lines">Its first.</param>
    /// <param name="latest">No time is later, in ticks.</param>
    public static DateOrder Find(ForeignEntryParser parser, List<byte[]> lines, long latest)
    {
        var unordered = Read(parser, lines, DateOrder.Unknown).Count;
        var readings = Orders.Select(order => (Order: order, Times: Read(parser, lines, order))).ToList();
        parser.Order = DateOrder.Unknown;
        var most = readings.Max(reading => reading.Times.Count);
        if (most == unordered)
        {
            return DateOrder.Unknown;
        }

        readings.RemoveAll(reading => reading.Times.Count < most || reading.Times.Max() - Near > latest);
        if (readings.Count == 0)
        {
            return DateOrder.Unknown;
        }

        var newest = readings.Max(reading => reading.Times.Max());
        readings.RemoveAll(reading => reading.Times.Max() + Far < newest);
        var closest = readings.Min(reading => Steps(reading.Times));
        readings.RemoveAll(reading => Steps(reading.Times) / Closer > closest);
        if (readings.Count > 1)
        {
            readings.RemoveAll(reading => latest - reading.Times.Max() > Near);
        }

        return readings.Count == 1 ? readings[0].Order : DateOrder.Unknown;
    }

    private static long Steps(List<long> times) => times.Zip(times.Skip(1)).Sum(pair => Math.Abs(pair.Second - pair.First) / TimeSpan.TicksPerSecond);

    private static List<long> Read(ForeignEntryParser parser, List<byte[]> lines, DateOrder order)
    {
        parser.Order = order;
        var times = new List<long>();
        foreach (var line in lines)
        {
            if (!parser.IsHeading(line) && parser.Parse(line) is { State: EntryState.Record } entry && entry.Has(EntryFields.Timestamp))
            {
                times.Add(entry.Record.UtcTicks);
            }
        }

        return times;
    }
}
