using System.Globalization;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Reading.Files;

/// <summary>What the name of a log's file says: <c>run.log</c> itself, <c>run.log.3</c>, <c>run.log.2026-11-25.1.gz</c>, <c>run-20261125.log</c> and so on.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Period">What a dated name says, as the beginning of that time; null for the others.</param>
/// <param name="Number">Of numbered names the larger the older, of dated ones the larger the newer; 0 for none.</param>
/// <param name="IsCompressed">Whether it ends in <c>.gz</c>.</param>
internal sealed record LogName(string Name, DateTime? Period, int Number, bool IsCompressed)
{
    public const string Compressed = ".gz";

    private static readonly string[] Periods = ["yyyy-MM-dd", "yyyy-MM-dd_HH", "yyyy-MM-dd_HH-mm", "yyyy-MM"];

    /// <summary>Whether it is the file that is written, and not one that was rolled.</summary>
    // Where a date stands in its name, the others tell that it is the last.
    public bool IsCurrent { get; init; } = Period is null && Number == 0;

    /// <summary>Null when it is the name of none of the log's files.</summary>
    public static LogName? Parse(string log, string name)
    {
        if (!name.StartsWith(log, RollingPath.NameComparison))
        {
            return null;
        }

        var rest = name[log.Length..];
        var isCompressed = rest.EndsWith(Compressed, StringComparison.OrdinalIgnoreCase);
        rest = isCompressed ? rest[..^Compressed.Length] : rest;
        if (rest.Length == 0)
        {
            return new LogName(name, null, 0, isCompressed);
        }

        return rest.Split('.') switch
        {
            ["", var number] when IsNumber(number, out var value) => new LogName(name, null, value, isCompressed),
            ["", var period] when IsPeriod(period, out var start) => new LogName(name, start, 0, isCompressed),
            ["", var period, var number] when IsPeriod(period, out var start) && IsNumber(number, out var value) => new LogName(name, start, value, isCompressed),
            _ => null,
        };
    }

    /// <summary>The same for names with the date before the extension, which the current file has, too.</summary>
    public static LogName? ParseDated(string log, string name) => DatedName.Parse(log, name) is { } dated
        ? new LogName(name, dated.Start, (int)dated.File.Number, dated.File.IsCompressed)
        : null;

    /// <summary>The logs that a file of a name could be an old file of.</summary>
    public static IEnumerable<string> LogsWith(string name)
    {
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            if (Parse(name[..dot], name) is not null)
            {
                yield return name[..dot];
            }
        }
    }

    private static bool IsNumber(string text, out int number)
    {
        number = 0;
        return text.Length > 0 && text[0] != '0' && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsPeriod(string text, out DateTime start)
    {
        if (DateTime.TryParseExact(text, Periods, CultureInfo.InvariantCulture, DateTimeStyles.None, out start))
        {
            return true;
        }

        // A week: 2026-W48.
        if (text.Length == 8 && text[4..6] == "-W" && IsNumber(text[..4], out var year)
            && int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var week) && week is >= 1 and <= 53)
        {
            start = ISOWeek.ToDateTime(year, week, DayOfWeek.Monday);
            return true;
        }

        return false;
    }
}
