using System.Globalization;

namespace QueueLog.Sinks.RollingFile;

/// <summary>What periods are called in the names of files.</summary>
internal static class PeriodName
{
    /// <summary>The name of the period that begins at a time of the wall clock: 2026-11-25_14-05, 2026-11-25_14, 2026-11-25, 2026-W48, 2026-11.</summary>
    public static string Of(RollInterval interval, DateTime date) => interval == RollInterval.Week
        ? string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(date):D4}-W{ISOWeek.GetWeekOfYear(date):D2}")
        : date.ToString(FormatOf(interval), CultureInfo.InvariantCulture);

    /// <summary>Whether a text is the name of such a period.</summary>
    public static bool IsOf(RollInterval interval, ReadOnlySpan<char> name) => interval == RollInterval.Week
        ? IsWeek(name)
        : DateTime.TryParseExact(name, FormatOf(interval), CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static string FormatOf(RollInterval interval) => interval switch
    {
        RollInterval.Minute => "yyyy-MM-dd_HH-mm",
        RollInterval.Hour => "yyyy-MM-dd_HH",
        RollInterval.Day => "yyyy-MM-dd",
        _ => "yyyy-MM",
    };

    private static bool IsWeek(ReadOnlySpan<char> name) =>
        name.Length == 8
        && name[4..6] is "-W"
        && int.TryParse(name[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
        && int.TryParse(name[6..], NumberStyles.None, CultureInfo.InvariantCulture, out var week)
        && year > 0 && week > 0 && week <= ISOWeek.GetWeeksInYear(year);
}
