using System.Text.Json;
using QueueLog.Records;

namespace QueueLog.Listener.JsonLines;

/// <summary>The level of a line: a name that some system gives it, or one of Python's numbers.</summary>
internal static class LineLevel
{
    /// <returns>False when the value is no level.</returns>
    public static bool TryRead(ref Utf8JsonReader reader, out LogLevel level)
    {
        level = LogLevel.Information;
        return reader.TokenType switch
        {
            JsonTokenType.String => LevelParser.TryParse(reader.ValueSpan.Trim((byte)' '), out level),
            JsonTokenType.Number => reader.TryGetDouble(out var number) && LevelParser.TryOfNumber(number, out level),
            _ => false,
        };
    }
}
