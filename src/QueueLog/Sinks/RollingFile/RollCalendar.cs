namespace QueueLog.Sinks.RollingFile;

/// <summary>Parts time into the periods of a time zone's wall clock, also where that clock is put forward or back.</summary>
// A period is an unbroken stretch of time in which the wall clock shows the same minute, hour, day, week or month. So an hour that
// repeats at the end of summer time is one period of two hours, and each minute in it is a period of its own, twice. None is called
// by a date before that of an earlier one: what repeats is called by the last period before the clock was put back.
internal sealed class RollCalendar(RollInterval interval, TimeZoneInfo zone)
{
    // No zone changes its clock twice in so short a time.
    private static readonly long Step = TimeSpan.FromHours(1).Ticks;

    // The farthest that clocks were ever put back: by a day, to the other side of the date line.
    private static readonly long FarthestBack = TimeSpan.FromHours(25).Ticks;

    /// <summary>The period a moment lies in.</summary>
    /// <param name="utc">The moment, in ticks of UTC.</param>
    public RollPeriod PeriodAt(long utc) => new(Floor(HighestUntil(utc)), EndOf(utc));

    /// <summary>What a period is called in the name of a file.</summary>
    public string NameOf(DateTime date) => PeriodName.Of(interval, date);

    private long EndOf(long utc)
    {
        var period = Floor(Wall(utc));
        var next = Next(period).Ticks;
        while (true)
        {
            var offset = Offset(utc);
            if (FirstChange(utc, next - offset) is not { } change)
            {
                return next - offset;
            }

            if (Floor(Wall(change)) != period)
            {
                return change;
            }

            utc = change;
        }
    }

    /// <summary>The latest time the wall clock had shown by then.</summary>
    private long HighestUntil(long utc)
    {
        var highest = Wall(utc);
        for (var at = utc; at > Math.Max(utc - FarthestBack, Step); at -= Step)
        {
            if (FirstChange(at - Step, at) is { } change)
            {
                highest = Math.Max(highest, Wall(change - 1));
            }
        }

        return highest;
    }

    /// <summary>The first moment behind another at which the clock is put forward or back; null when there is none to a third.</summary>
    private long? FirstChange(long from, long to)
    {
        var offset = Offset(from);
        while (from < to)
        {
            var at = Math.Min(from + Step, to);
            if (Offset(at) == offset)
            {
                from = at;
                continue;
            }

            while (at - from > 1)
            {
                var middle = from + ((at - from) / 2);
                (from, at) = Offset(middle) == offset ? (middle, at) : (from, middle);
            }

            return at;
        }

        return null;
    }

    private long Wall(long utc) => utc + Offset(utc);

    private long Offset(long utc) => zone.GetUtcOffset(new DateTime(utc, DateTimeKind.Utc)).Ticks;

    private DateTime Floor(long wall)
    {
        var time = new DateTime(wall);
        return interval switch
        {
            RollInterval.Minute => new DateTime(wall - (wall % TimeSpan.TicksPerMinute)),
            RollInterval.Hour => new DateTime(wall - (wall % TimeSpan.TicksPerHour)),
            RollInterval.Day => time.Date,
            RollInterval.Week => time.Date.AddDays(-(((int)time.DayOfWeek + 6) % 7)),
            _ => new DateTime(time.Year, time.Month, 1),
        };
    }

    private DateTime Next(DateTime period) => interval switch
    {
        RollInterval.Minute => period.AddMinutes(1),
        RollInterval.Hour => period.AddHours(1),
        RollInterval.Day => period.AddDays(1),
        RollInterval.Week => period.AddDays(7),
        _ => period.AddMonths(1),
    };
}

/// <summary>The time whose records share a file.</summary>
/// <param name="Date">What it is called by: its beginning, as the wall clock showed it.</param>
/// <param name="End">The moment it is over, in ticks of UTC.</param>
internal readonly record struct RollPeriod(DateTime Date, long End);
