namespace QueueLog.Reading.Formats;

/// <summary>One piece of a date format, as it is read.</summary>
internal enum TimestampUnit : byte
{
    Literal,
    Year,
    ShortYear,
    Month,
    MonthName,
    ShortMonthName,
    Day,
    DayName,
    ShortDayName,
    Hour,
    HalfDayHour,
    HalfDay,
    Minute,
    Second,
    Fraction,
    OptionalFraction,
    Offset,
    OffsetOrZone,
}
