using System.Text;
using System.Text.Json;
using QueueLog.Records;

namespace QueueLog.Listener.JsonLines;

/// <summary>What other programs call the levels: the names of Serilog, Python and syslog beside our own, and Python's numbers.</summary>
internal static class LineLevel
{
    private const int Longest = 16;

    /// <returns>False when the value is no level.</returns>
    public static bool TryRead(ref Utf8JsonReader reader, out LogLevel level)
    {
        level = LogLevel.Information;
        return reader.TokenType switch
        {
            JsonTokenType.String => TryParse(reader.ValueSpan, out level),
            JsonTokenType.Number => reader.TryGetDouble(out var number) && TryOfNumber(number, out level),
            _ => false,
        };
    }

    private static bool TryParse(ReadOnlySpan<byte> name, out LogLevel level)
    {
        level = LogLevel.Information;
        Span<char> chars = stackalloc char[Longest];
        if (name.Length > Longest || Ascii.ToUpper(name, chars, out var length) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        LogLevel? known = ((ReadOnlySpan<char>)chars[..length]).Trim() switch
        {
            "TRACE" or "TRC" or "VERBOSE" or "VRB" or "NOTSET" => LogLevel.Trace,
            "DEBUG" or "DBG" => LogLevel.Debug,
            "INFORMATION" or "INFO" or "INF" or "NOTICE" => LogLevel.Information,
            "WARNING" or "WARN" or "WRN" => LogLevel.Warning,
            "ERROR" or "ERR" => LogLevel.Error,
            "CRITICAL" or "CRIT" or "CRI" or "FATAL" or "FTL" or "ALERT" or "EMERG" or "EMERGENCY" or "PANIC" => LogLevel.Critical,
            _ => null,
        };
        level = known ?? level;
        return known is not null;
    }

    // Python's: a level holds from its number up to the next one's.
    private static bool TryOfNumber(double number, out LogLevel level)
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
}
