namespace QueueLog.Reading.Formats;

/// <summary>Says which moment a written time is: what it leaves out is taken from the last write of its file.</summary>
internal sealed class TimePlacer
{
    // File systems keep times coarsely, and a file may come from a machine in another zone.
    private const long CoarseTime = 3 * TimeSpan.TicksPerSecond;
    private const long CoarseDate = TimeSpan.TicksPerDay;

    // From one 29 February to the next there are eight years at most.
    private const int MostYears = 8;

    private readonly LocalOffset local;
    private readonly TimeZoneInfo zone;
    private (long Start, short Minutes) quarter = (-1, 0);
    private readonly LastWrite lastWrite;

    /// <param name="zone">The zone of times without an offset.</param>
    /// <param name="lastWrite">No time is later than this, in that zone.</param>
    public TimePlacer(TimeZoneInfo zone, LastWrite lastWrite)
    {
        local = new LocalOffset(zone);
        this.zone = zone;
        this.lastWrite = lastWrite;
    }

    /// <summary>No time is later than this, in ticks of the zone.</summary>
    public long Latest => lastWrite.Time.Ticks;

    /// <returns>False where there is no such time.</returns>
    public bool TryPlace(in WrittenTime time, out long utcTicks, out short offsetMinutes)
    {
        utcTicks = 0;
        offsetMinutes = 0;
        if (time.IsMoment)
        {
            utcTicks = time.TimeOfDay;
            offsetMinutes = OffsetAt(utcTicks);
            return true;
        }

        var timeOfDay = Math.Max(0, time.TimeOfDay);
        var ticks = time.Year > 0 ? TicksOf(time.Year, Math.Max(1, time.Month), Math.Max(1, time.Day))
            : time.Month > 0 ? InLastYear(time.Month, Math.Max(1, time.Day))
            : time.Day > 0 ? InLastMonth(time.Day)
            : OnLastDay(timeOfDay);
        if (ticks < 0)
        {
            return false;
        }

        ticks += timeOfDay;
        offsetMinutes = time.Offset is { } given ? (short)given : local.MinutesAt(ticks);
        utcTicks = ticks - offsetMinutes * TimeSpan.TicksPerMinute;
        return utcTicks >= 0 && utcTicks <= DateTime.MaxValue.Ticks;
    }

    // Every change of an offset comes at a full quarter.
    private short OffsetAt(long utcTicks)
    {
        var start = utcTicks - utcTicks % (15 * TimeSpan.TicksPerMinute);
        if (start != quarter.Start)
        {
            quarter = (start, (short)zone.GetUtcOffset(new DateTime(utcTicks, DateTimeKind.Utc)).TotalMinutes);
        }

        return quarter.Minutes;
    }

    private long InLastYear(int month, int day)
    {
        var latest = lastWrite.Time;
        for (var year = latest.Year; year > Math.Max(0, latest.Year - MostYears - 1); year--)
        {
            if (TicksOf(year, month, day) is >= 0 and var ticks && ticks <= latest.Ticks + CoarseDate)
            {
                return ticks;
            }
        }

        return -1;
    }

    private long InLastMonth(int day)
    {
        var latest = lastWrite.Time;
        // Of two months in turn one has a 31st.
        for (var (year, month) = (latest.Year, latest.Month); year > 0 && year >= latest.Year - 1; (year, month) = month == 1 ? (year - 1, 12) : (year, month - 1))
        {
            if (TicksOf(year, month, day) is >= 0 and var ticks && ticks <= latest.Ticks + CoarseDate)
            {
                return ticks;
            }
        }

        return -1;
    }

    private long OnLastDay(long timeOfDay)
    {
        var latest = lastWrite.Time;
        var today = latest.Ticks - latest.Ticks % TimeSpan.TicksPerDay;
        return today + timeOfDay <= latest.Ticks + CoarseTime ? today : today - TimeSpan.TicksPerDay;
    }

    private static long TicksOf(int year, int month, int day) =>
        RoundTripTimeReader.TryMakeTicks(year, month, day, 0, 0, 0, 0, out var ticks) ? ticks : -1;
}
