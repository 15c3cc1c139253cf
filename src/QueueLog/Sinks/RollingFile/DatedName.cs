using System.Globalization;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Names with the period before the extension: <c>run-20261125.log</c>, <c>run-20261125_001.log</c>, <c>run-20261125.log.gz</c>.</summary>
// So written they are in order of time wherever names are sorted, and *.log finds them.
internal static class DatedName
{
    private const int FewestDigits = 3;

    /// <summary>What the names of a log's files begin with.</summary>
    public static string PrefixOf(string log) => Path.GetFileNameWithoutExtension(log) + "-";

    /// <param name="log">The name of the log, <c>run.log</c>.</param>
    /// <param name="date">The name of the period.</param>
    /// <param name="number">0 for its first file.</param>
    public static string Of(string log, string date, long number)
    {
        var behind = number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{number:D3}");
        return $"{PrefixOf(log)}{date}{behind}{Path.GetExtension(log)}";
    }

    /// <summary>What a name says, exactly as it would have been given to a file of the log; null if it is none of ours.</summary>
    public static OldFile? Parse(string log, string name, RollInterval interval)
    {
        var isCompressed = name.EndsWith(RollingPath.GzipExtension, RollingPath.NameComparison);
        var plain = isCompressed ? name[..^RollingPath.GzipExtension.Length] : name;
        var (prefix, extension) = (PrefixOf(log), Path.GetExtension(log));
        if (plain.Length <= prefix.Length + extension.Length || !plain.StartsWith(prefix, RollingPath.NameComparison) || !plain.EndsWith(extension, RollingPath.NameComparison))
        {
            return null;
        }

        var middle = plain.AsSpan(prefix.Length..^extension.Length);
        var mark = middle.IndexOf('_');
        var date = mark < 0 ? middle : middle[..mark];
        return PeriodName.IsOf(interval, date, isCompact: true) && (mark < 0 ? 0 : NumberIn(middle[(mark + 1)..])) is { } number
            ? new OldFile(date.ToString(), number, isCompressed)
            : null;
    }

    /// <summary>The same whatever the interval is, with the time at which the period begins.</summary>
    public static (DateTime Start, OldFile File)? Parse(string log, string name)
    {
        foreach (var interval in Enum.GetValues<RollInterval>())
        {
            if (Parse(log, name, interval) is { } file)
            {
                return (PeriodName.StartOf(interval, file.Date, isCompact: true)!.Value, file);
            }
        }

        return null;
    }

    /// <summary>The log that a file of a name could belong to; null if it is none of ours.</summary>
    public static string? LogOf(string name)
    {
        var plain = name.EndsWith(RollingPath.GzipExtension, RollingPath.NameComparison) ? name[..^RollingPath.GzipExtension.Length] : name;
        var dash = Path.GetFileNameWithoutExtension(plain).LastIndexOf('-');
        var log = dash < 0 ? "" : plain[..dash] + Path.GetExtension(plain);
        return log.Length > 0 && Parse(log, name) is not null ? log : null;
    }

    private static long? NumberIn(ReadOnlySpan<char> digits) =>
        digits.Length is >= FewestDigits and <= RollingPath.MostDigits
        && (digits.Length == FewestDigits || digits[0] != '0')
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
            ? number
            : null;
}
