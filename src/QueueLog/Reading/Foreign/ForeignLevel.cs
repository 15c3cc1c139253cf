using System.Buffers.Text;
using QueueLog.Records;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads the values that other programs have for levels.</summary>
internal static class ForeignLevel
{
    private const int HighestOfSyslog = 7;
    private const int LowestOfPino = 10;
    private const int HighestOfPino = 60;

    // With the facility.
    private const int HighestPriority = 191;

    /// <summary>A name or a number. Small numbers are syslog's, larger ones pino's and bunyan's.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out LogLevel level)
    {
        text = text.Trim((byte)' ');
        if (!TryReadNumber(text, out var number))
        {
            return LevelParser.TryParse(text, out level);
        }

        level = number <= HighestOfSyslog ? LevelParser.OfSyslog((int)number) : LevelParser.OfPino(number);
        return number is (>= 0 and <= HighestOfSyslog) or (>= LowestOfPino and <= HighestOfPino);
    }

    /// <summary>A name that nothing else has.</summary>
    public static bool TryReadName(ReadOnlySpan<byte> text, out LogLevel level)
    {
        level = LogLevel.Information;
        return IsPlain(text) && LevelParser.TryParse(text, out level);
    }

    /// <summary>A name or a number of syslog's, perhaps with the facility.</summary>
    public static bool TryReadPriority(ReadOnlySpan<byte> text, out LogLevel level)
    {
        if (!TryReadNumber(text, out var number))
        {
            return LevelParser.TryParse(text, out level);
        }

        level = LevelParser.OfSyslog((int)number & HighestOfSyslog);
        return number is >= 0 and <= HighestPriority;
    }

    /// <summary>Whether a name means a level wherever it stands.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> name) => IsIn(LevelParser.PlainNames, name);

    /// <summary>Whether a name means a level where it stands alone.</summary>
    public static bool IsMarked(ReadOnlySpan<byte> name) => IsPlain(name) || IsIn(LevelParser.MarkedNames, name);

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && used > 0;

    private static bool IsIn(string[] names, ReadOnlySpan<byte> name)
    {
        foreach (var known in names)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(name, known))
            {
                return true;
            }
        }

        return false;
    }
}
