using System.Globalization;
using System.Text;

namespace QueueLog.Reading.Formats;

/// <summary>Reads times such as <c>2026-11-25T14:03:05.1234567+01:00</c>, the form of all formats but Text.</summary>
internal static class RoundTripTimeReader
{
    public const int Length = 33;

    /// <summary>Exactly that form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long utcTicks, out short offsetMinutes)
    {
        utcTicks = 0;
        offsetMinutes = 0;
        if (text.Length != Length
            || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[30] != ':'
            || text[27] is not ((byte)'+' or (byte)'-')
            || !TryReadDigits(text[..4], out var year) || !TryReadDigits(text[5..7], out var month) || !TryReadDigits(text[8..10], out var day)
            || !TryReadDigits(text[11..13], out var hour) || !TryReadDigits(text[14..16], out var minute) || !TryReadDigits(text[17..19], out var second)
            || !TryReadDigits(text[20..27], out var fraction)
            || !TryReadDigits(text[28..30], out var offsetHours) || !TryReadDigits(text[31..33], out var offsetRest))
        {
            return false;
        }

        var offset = (offsetHours * 60 + offsetRest) * (text[27] == '-' ? -1 : 1);
        if (!TryMakeTicks(year, month, day, hour, minute, second, fraction, out var localTicks) || offset is < -14 * 60 or > 14 * 60 || offsetRest > 59)
        {
            return false;
        }

        utcTicks = localTicks - offset * TimeSpan.TicksPerMinute;
        offsetMinutes = (short)offset;
        return utcTicks >= 0 && utcTicks <= DateTime.MaxValue.Ticks;
    }

    /// <summary>Other programs' times, too: fewer digits, a <c>Z</c>; without an offset it is local time.</summary>
    public static bool TryReadAny(ReadOnlySpan<byte> text, out long utcTicks, out short offsetMinutes)
    {
        if (TryRead(text, out utcTicks, out offsetMinutes))
        {
            return true;
        }

        const int Longest = 40;
        if (text.Length is 0 or > Longest
            || !DateTimeOffset.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time))
        {
            return false;
        }

        utcTicks = time.UtcTicks;
        offsetMinutes = (short)time.TotalOffsetMinutes;
        return true;
    }

    public static bool TryReadDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            var digit = c - '0';
            if ((uint)digit > 9)
            {
                return false;
            }

            value = value * 10 + digit;
        }

        return true;
    }

    public static bool TryMakeTicks(int year, int month, int day, int hour, int minute, int second, int fraction, out long ticks)
    {
        ticks = 0;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        ticks = new DateTime(year, month, day).Ticks
            + ((hour * 60L + minute) * 60 + second) * TimeSpan.TicksPerSecond
            + fraction;
        return true;
    }
}
