using System.Globalization;

namespace QueueLog.Sinks.RollingFile;

/// <summary>What periods are called in the names of files.</summary>
internal static class PeriodName
{
    private const string WeekMark = "W";
    private const string LooseWeekMark = "-W";

    /// <summary>The name of the period that begins at a time of the wall clock: 2026-11-25_14-05, 2026-11-25_14, 2026-11-25, 2026-W48, 2026-11.</summary>
    /// <param name="interval">How long it is.</param>
    /// <param name="date">That time.</param>
    /// <param name="isCompact">Whether it is without separators: 202611251405, 2026112514, 20261125, 2026W48, 202611.</param>
    public static string Of(RollInterval interval, DateTime date, bool isCompact = false) => interval == RollInterval.Week
        ? string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(date):D4}{(isCompact ? WeekMark : LooseWeekMark)}{ISOWeek.GetWeekOfYear(date):D2}")
        : date.ToString(FormatOf(interval, isCompact), CultureInfo.InvariantCulture);

    /// <summary>Whether a text is the name of such a period.</summary>
    public static bool IsOf(RollInterval interval, ReadOnlySpan<char> name, bool isCompact = false) => StartOf(interval, name, isCompact) is not null;

    /// <summary>When the period of a name begins, by the wall clock; null when it is none.</summary>
    public static DateTime? StartOf(RollInterval interval, ReadOnlySpan<char> name, bool isCompact = false) => interval == RollInterval.Week
        ? WeekOf(name, isCompact ? WeekMark : LooseWeekMark)
        : DateTime.TryParseExact(name, FormatOf(interval, isCompact), CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) ? start : null;

    private static string FormatOf(RollInterval interval, bool isCompact) => interval switch
    {
        RollInterval.Minute => isCompact ? "yyyyMMddHHmm" : "yyyy-MM-dd_HH-mm",
        RollInterval.Hour => isCompact ? "yyyyMMddHH" : "yyyy-MM-dd_HH",
        RollInterval.Day => isCompact ? "yyyyMMdd" : "yyyy-MM-dd",
        _ => isCompact ? "yyyyMM" : "yyyy-MM",
    };

    private static DateTime? WeekOf(ReadOnlySpan<char> name, ReadOnlySpan<char> mark) =>
        name.Length == 6 + mark.Length
        && name[4..].StartsWith(mark)
        && int.TryParse(name[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
        && int.TryParse(name[^2..], NumberStyles.None, CultureInfo.InvariantCulture, out var week)
        && year > 0 && week > 0 && week <= ISOWeek.GetWeeksInYear(year)
            ? ISOWeek.ToDateTime(year, week, DayOfWeek.Monday)
            : null;
}
