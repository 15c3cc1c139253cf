namespace QueueLog.Sinks.RollingFile;

/// <summary>Which period the current file is of, and whether that is over.</summary>
internal sealed class FilePeriod
{
    private readonly RollCalendar calendar;
    private readonly TimeProvider time;

    // Without an interval a file is still of the day on which it was begun: its name may have to tell.
    private readonly bool ends;
    private RollPeriod period;
    private long now;

    public FilePeriod(RollingFileOptions options)
    {
        calendar = new RollCalendar(options.RollInterval ?? RollInterval.Day, options.RollUtc ? TimeZoneInfo.Utc : options.Time.LocalTimeZone, options.RollEvery, options.RollAt);
        time = options.Time;
        NamesCurrent = options.RollNames == RollNames.DateInName;
        ends = options.RollInterval is not null || NamesCurrent;
        now = time.GetUtcNow().UtcTicks;
        period = calendar.PeriodAt(now);
    }

    /// <summary>Whether the current file is called by it: then a file without entries, too, is over with its period.</summary>
    public bool NamesCurrent { get; }

    /// <summary>What the period is called in the name of a file.</summary>
    public string Name => NameOf(period);

    /// <summary>What that of the next file is called.</summary>
    public string NextName => NameOf(now >= period.End ? calendar.PeriodAt(now) : period);

    /// <summary>The zone of times that name no other.</summary>
    public TimeZoneInfo LocalZone => time.LocalTimeZone;

    /// <summary>Looks at the clock.</summary>
    /// <param name="isEmpty">Whether the file has no entries: then it is of the present period, whatever it was of.</param>
    /// <returns>Whether the file is to be rolled before its next entry.</returns>
    // A clock that was put back ends no period, and begins none a second time.
    public bool Look(bool isEmpty)
    {
        now = time.GetUtcNow().UtcTicks;
        if (isEmpty && !NamesCurrent)
        {
            Begin();
        }

        return IsOver;
    }

    /// <summary>Whether it was over when the clock was last looked at.</summary>
    public bool IsOver => ends && now >= period.End;

    /// <summary>The next entry is the first of its file.</summary>
    public void Begin()
    {
        if (now >= period.End)
        {
            period = calendar.PeriodAt(now);
        }
    }

    private string NameOf(RollPeriod named) => calendar.NameOf(named.Date, isCompact: NamesCurrent);

    /// <summary>The next entry goes behind those that a file holds already.</summary>
    public void GoOn(DateTime lastRecord)
    {
        now = time.GetUtcNow().UtcTicks;
        period = calendar.PeriodAt(Math.Min(lastRecord.Ticks, now));
    }
}
