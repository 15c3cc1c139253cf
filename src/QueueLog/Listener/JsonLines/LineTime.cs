using System.Buffers.Text;
using System.Text.Json;

namespace QueueLog.Listener.JsonLines;

/// <summary>When something happened: ISO 8601, or a number since 1970.</summary>
internal static class LineTime
{
    private const int Longest = 48;
    private const int RoundTripLength = 33;

    // A number is of the first unit that makes it a time before the year 5000 or so.
    private const decimal LeastMilliseconds = 100_000_000_000;
    private const decimal LeastMicroseconds = 100_000_000_000_000;
    private const decimal LeastNanoseconds = 100_000_000_000_000_000;

    // Of a name that is used for other things, too: what is smaller is rather a duration.
    private const decimal LeastOfToday = 1_000_000_000;

    /// <returns>False when the value is no time.</returns>
    public static bool TryRead(ref Utf8JsonReader reader, bool isDoubtful, out DateTimeOffset time)
    {
        time = default;
        return reader.TokenType switch
        {
            JsonTokenType.String when !reader.ValueIsEscaped => reader.TryGetDateTimeOffset(out time) || TryReadLoose(reader.ValueSpan, out time),
            JsonTokenType.Number => reader.TryGetDecimal(out var number) && (!isDoubtful || number >= LeastOfToday) && TryOfNumber(number, out time),
            _ => false,
        };
    }

    /// <summary>A text in the very form that the Json format gives to timestamps of properties.</summary>
    public static bool TryReadExact(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        return text.Length == RoundTripLength && Utf8Parser.TryParse(text, out time, out var used, 'O') && used == RoundTripLength;
    }

    // As Python's logging and many others write it: a blank instead of the T, a comma before the milliseconds.
    private static bool TryReadLoose(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        const int Separator = 10;
        time = default;
        if (text.Length is <= Separator or > Longest - 2 || text[Separator] is not ((byte)' ' or (byte)'T'))
        {
            return false;
        }

        Span<byte> quoted = stackalloc byte[Longest];
        quoted = quoted[..(text.Length + 2)];
        quoted[0] = quoted[^1] = (byte)'"';
        text.CopyTo(quoted[1..]);
        quoted[1 + Separator] = (byte)'T';
        quoted.Replace((byte)',', (byte)'.');
        var reader = new Utf8JsonReader(quoted);
        return !text.ContainsAny("\\\""u8) && reader.Read() && reader.TryGetDateTimeOffset(out time);
    }

    private static bool TryOfNumber(decimal number, out DateTimeOffset time)
    {
        time = default;
        var perSecond = Math.Abs(number) switch
        {
            < LeastMilliseconds => 1m,
            < LeastMicroseconds => 1_000m,
            < LeastNanoseconds => 1_000_000m,
            _ => 1_000_000_000m,
        };
        var seconds = number / perSecond;
        var ticks = DateTime.UnixEpoch.Ticks + Math.Round(seconds * TimeSpan.TicksPerSecond);

        // A day away from both ends, where there is no local time.
        if (ticks < TimeSpan.TicksPerDay || ticks > DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay)
        {
            return false;
        }

        var utc = new DateTimeOffset((long)ticks, TimeSpan.Zero);
        time = utc.ToOffset(TimeZoneInfo.Local.GetUtcOffset(utc));
        return true;
    }
}
