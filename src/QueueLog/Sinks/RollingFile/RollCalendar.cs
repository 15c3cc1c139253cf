namespace QueueLog.Sinks.RollingFile;

/// <summary>Parts time into the periods of a time zone's wall clock, also where that clock is put forward or back.</summary>
// A period is an unbroken stretch of time in which the wall clock shows the same minute, hour, day, week or month. So an hour that
// repeats at the end of summer time is one period of two hours, and each minute in it is a period of its own, twice. None is called
// by a date before that of an earlier one: what repeats is called by the last period before the clock was put back.
/// <param name="interval">How long a period is.</param>
/// <param name="zone">The time zone.</param>
/// <param name="every">So many minutes, hours, days, weeks or months to a period. Minutes and hours are counted anew each day.</param>
/// <param name="at">The time of day at which days begin.</param>
internal sealed class RollCalendar(RollInterval interval, TimeZoneInfo zone, int every = 1, TimeOnly at = default)
{
    // No zone changes its clock twice in so short a time.
    private static readonly long Step = TimeSpan.FromHours(1).Ticks;

    // The farthest that clocks were ever put back: by a day, to the other side of the date line.
    private static readonly long FarthestBack = TimeSpan.FromHours(25).Ticks;

    /// <summary>The period a moment lies in.</summary>
    /// <param name="utc">The moment, in ticks of UTC.</param>
    public RollPeriod PeriodAt(long utc) => new(Floor(HighestUntil(utc)), EndOf(utc));

    /// <summary>What a period is called in the name of a file.</summary>
    public string NameOf(DateTime date, bool isCompact = false) => PeriodName.Of(interval, date, isCompact);

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
        var time = new DateTime(Math.Max(0, wall - at.Ticks));
        var months = (time.Year * 12) + time.Month - 1;
        var start = interval switch
        {
            RollInterval.Minute => time.Date.AddTicks(Whole(time.TimeOfDay.Ticks, TimeSpan.TicksPerMinute)),
            RollInterval.Hour => time.Date.AddTicks(Whole(time.TimeOfDay.Ticks, TimeSpan.TicksPerHour)),
            RollInterval.Day => new DateTime(Whole(time.Ticks, TimeSpan.TicksPerDay)),

            // The first of all days was a Monday.
            RollInterval.Week => new DateTime(Whole(time.Ticks, 7 * TimeSpan.TicksPerDay)),
            _ => new DateTime(1, 1, 1).AddMonths((int)Whole(months - 12, 1)),
        };
        return start.AddTicks(at.Ticks);
    }

    private long Whole(long count, long unit) => count - (count % (every * unit));

    private DateTime Next(DateTime period) => interval switch
    {
        RollInterval.Minute => WithinDay(period, period.AddMinutes(every)),
        RollInterval.Hour => WithinDay(period, period.AddHours(every)),
        RollInterval.Day => period.AddDays(every),
        RollInterval.Week => period.AddDays(7 * every),
        _ => period.AddMonths(every),
    };

    // The last of a day is the shorter where the day is no multiple of it.
    private DateTime WithinDay(DateTime period, DateTime next)
    {
        var nextDay = period.AddTicks(-at.Ticks).Date.AddDays(1).AddTicks(at.Ticks);
        return next < nextDay ? next : nextDay;
    }
}

/// <summary>The time whose records share a file.</summary>
/// <param name="Date">What it is called by: its beginning, as the wall clock showed it.</param>
/// <param name="End">The moment it is over, in ticks of UTC.</param>
internal readonly record struct RollPeriod(DateTime Date, long End);
