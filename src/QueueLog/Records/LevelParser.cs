using System.Buffers;
using System.Text;

namespace QueueLog.Records;

/// <summary>What other programs call the levels: the one table of the names and numbers that are understood, case ignored.</summary>
internal static class LevelParser
{
    private const int Longest = 16;
    private const int HighestNumber = 60;

    /// <summary>Names that mean a level wherever they stand in capitals.</summary>
    public static readonly string[] PlainNames = ["TRACE", "DEBUG", "INFO", "INFORMATION", "NOTICE", "WARN", "WARNING", "ERROR", "SEVERE", "CRITICAL", "FATAL"];

    /// <summary>Names that mean one where they stand alone, as in brackets: in a sentence they are words, or too short.</summary>
    public static readonly string[] MarkedNames =
        ["TRC", "TRCE", "VRB", "VERBOSE", "FINE", "FINER", "FINEST", "DBG", "DBUG", "INF", "CONFIG", "SUCCESS", "WRN", "ERR", "EROR", "CRIT", "FTL", "ALERT", "EMERG", "EMERGENCY", "PANIC", "DPANIC"];

    /// <summary>Of these the names consist.</summary>
    public static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    /// <returns>False when the text is no level.</returns>
    public static bool TryParse(ReadOnlySpan<byte> name, out LogLevel level)
    {
        Span<char> upper = stackalloc char[Longest];
        level = LogLevel.Information;
        return name.Length is > 0 and <= Longest
            && Ascii.ToUpper(name, upper, out var length) == OperationStatus.Done
            && TryFind(upper[..length], out level);
    }

    /// <returns>False when the text is no level.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out LogLevel level)
    {
        Span<char> upper = stackalloc char[Longest];
        level = LogLevel.Information;
        name = name.Trim();
        return name.Length is > 0 and <= Longest
            && Ascii.ToUpper(name, upper, out var length) == OperationStatus.Done
            && TryFind(upper[..length], out level);
    }

    /// <summary>Python's numbers, 10 to 50: a level holds from its number up to the next one's.</summary>
    public static bool TryOfNumber(double number, out LogLevel level)
    {
        level = number switch
        {
            < 10 => LogLevel.Trace,
            < 20 => LogLevel.Debug,
            < 30 => LogLevel.Information,
            < 40 => LogLevel.Warning,
            < 50 => LogLevel.Error,
            _ => LogLevel.Critical,
        };
        return number >= 0;
    }

    /// <summary>Those of pino and bunyan: 10 is trace, 60 fatal.</summary>
    public static LogLevel OfPino(double number) => TryOfNumber(number - 10, out var level) ? level : LogLevel.Trace;

    /// <summary>Syslog's: 0 is an emergency, 7 is debug.</summary>
    public static LogLevel OfSyslog(int priority) => priority switch
    {
        <= 2 => LogLevel.Critical,
        3 => LogLevel.Error,
        4 => LogLevel.Warning,
        <= 6 => LogLevel.Information,
        _ => LogLevel.Debug,
    };

    /// <summary>OpenTelemetry's severities: four for each level, from 1 on.</summary>
    public static LogLevel OfOpenTelemetry(int severity) => (LogLevel)Math.Clamp((severity - 1) / 4, 0, (int)LogLevel.Critical);

    // Systems: .NET, Serilog, syslog, log4j, Python, zap, java.util.logging, npm, Apache, PostgreSQL, MongoDB, Android and glog by their letters.
    private static bool TryFind(ReadOnlySpan<char> name, out LogLevel level)
    {
        LogLevel? known = name switch
        {
            "INFORMATION" or "INFO" or "INF" or "I" or "INFORMATIONAL" or "NOTICE" or "NTC" or "N" or "SUCCESS" or "CONFIG" or "LOG" => LogLevel.Information,
            "WARNING" or "WARN" or "WRN" or "W" => LogLevel.Warning,
            "ERROR" or "ERR" or "EROR" or "E" or "FAIL" or "FAILURE" or "SEVERE" => LogLevel.Error,
            "DEBUG" or "DBG" or "DBUG" or "D" or "FINE" or "DEBUG1" or "DEBUG2" or "DEBUG3" or "DEBUG4" or "DEBUG5"
                or "D1" or "D2" or "D3" or "D4" or "D5" => LogLevel.Debug,
            "TRACE" or "TRC" or "TRCE" or "T" or "VERBOSE" or "VRB" or "V" or "FINER" or "FINEST" or "SILLY" or "NOTSET" or "ALL"
                or "TRACE1" or "TRACE2" or "TRACE3" or "TRACE4" or "TRACE5" or "TRACE6" or "TRACE7" or "TRACE8" => LogLevel.Trace,
            "CRITICAL" or "CRIT" or "CRI" or "C" or "FATAL" or "FTL" or "F" or "ALERT" or "A" or "EMERG" or "EMERGENCY" or "PANIC" or "DPANIC" => LogLevel.Critical,
            _ => null,
        };
        if (known is null && name[0] is >= '0' and <= '9' && int.TryParse(name, System.Globalization.NumberStyles.None, null, out var number) && number is >= 10 and <= HighestNumber)
        {
            return TryOfNumber(number, out level);
        }

        level = known ?? LogLevel.Information;
        return known is not null;
    }
}
