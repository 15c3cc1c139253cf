namespace QueueLog.Reading.Foreign;

/// <summary>In which order dates of numbers alone are written where they do not tell it, as 03/04/2026.</summary>
internal enum DateOrder : byte
{
    /// <summary>Such a date is none: a wrong one is worse.</summary>
    Unknown,
    YearFirst,
    MonthFirst,
    DayFirst,
}
