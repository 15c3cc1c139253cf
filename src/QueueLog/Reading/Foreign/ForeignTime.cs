using System.Buffers.Text;
using System.Globalization;
using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads times in whatever form a program writes them, as far as the form tells which is which.</summary>
internal static class ForeignTime
{
    private const long UnixEpoch = 621_355_968_000_000_000;

    private const int MillisecondDigits = 13;

    // Numbers before 2001 or behind 2100 are something else, as an id.
    private const long FirstSecond = 1_000_000_000;
    private const long LastSecond = 4_102_444_800;

    private static readonly string[] Months = DateTimeFormatInfo.InvariantInfo.AbbreviatedMonthNames;
    private static readonly string[] LongMonths = DateTimeFormatInfo.InvariantInfo.MonthNames;
    private static readonly string[] Days = DateTimeFormatInfo.InvariantInfo.AbbreviatedDayNames;

    /// <summary>A text that is a time and nothing else.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> text, DateOrder order, out WrittenTime time) =>
        TryRead(text, order, out time, out var length) && length == text.Length;

    /// <summary>A time that a text begins with.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, DateOrder order, out WrittenTime time, out int length)
    {
        var rest = text;
        time = default;
        var isRead = !text.IsEmpty && (char.IsAsciiLetter((char)text[0]) ? TryReadNamed(ref rest, order, out time) : TryReadNumbers(ref rest, order, out time));
        length = text.Length - rest.Length;
        return isRead && time.Month <= 12 && time.Day <= 31;
    }

    private static bool TryReadNumbers(scoped ref ReadOnlySpan<byte> rest, DateOrder order, out WrittenTime time)
    {
        time = default;
        var digits = TimestampParts.DigitsOf(rest);
        var sign = digits < rest.Length ? rest[digits] : (byte)0;
        return digits switch
        {
            4 when sign is (byte)'-' or (byte)'/' or (byte)'.' => TryReadDate(ref rest, sign, 'y', out time) && TryReadClockBehind(ref rest, ref time),
            4 when sign == ' ' => TryReadDate(ref rest, 0, 'm', out time) && TryReadClockBehind(ref rest, ref time),
            8 when sign is (byte)'-' or (byte)'T' or (byte)' ' or (byte)'_' => TryReadDate(ref rest, 0, 'y', out time) && TryReadClockBehind(ref rest, ref time),
            6 when sign is (byte)' ' or (byte)'-' => TryReadDate(ref rest, 0, 's', out time) && TryReadClockBehind(ref rest, ref time),
            1 or 2 when sign == ':' => ForeignClock.TryRead(ref rest, out time),
            1 or 2 when sign is (byte)'/' or (byte)'-' or (byte)'.' or (byte)' ' => TryReadShort(ref rest, digits, sign, order, out time),
            >= 10 => TryReadEpoch(ref rest, out time),
            _ => false,
        };
    }

    // y: year, month, day. s: a year of two digits. m: month and day.
    private static bool TryReadDate(scoped ref ReadOnlySpan<byte> rest, byte sign, char form, out WrittenTime time)
    {
        int year = 0, month = 0, day = 0;
        var isRead = form switch
        {
            'y' => TimeDigits.TryReadInt(ref rest, 4, out year) && TimeDigits.TryReadSign(ref rest, sign) && TimeDigits.TryReadInt(ref rest, 2, out month) && TimeDigits.TryReadSign(ref rest, sign) && TimeDigits.TryReadInt(ref rest, 2, out day),
            's' => TimeDigits.TryReadInt(ref rest, 2, out year) && TimeDigits.TryReadInt(ref rest, 2, out month) && TimeDigits.TryReadInt(ref rest, 2, out day),
            _ => TimeDigits.TryReadInt(ref rest, 2, out month) && TimeDigits.TryReadInt(ref rest, 2, out day),
        };
        year += form == 's' ? 2000 : 0;
        time = new WrittenTime(year, month, day, -1, null);
        return isRead && month > 0 && day > 0;
    }

    // 04/Mar/2026, 04-Mar-2026, 4 Mar 2026, 03/04/2026, 04.03.2026, 26/03/04, 03-04, 10.30
    private static bool TryReadShort(scoped ref ReadOnlySpan<byte> rest, int digits, byte sign, DateOrder order, out WrittenTime time)
    {
        time = default;
        if (!TimeDigits.TryReadInt(ref rest, digits, out var first) || !TimeDigits.TryReadSign(ref rest, sign))
        {
            return false;
        }

        int second, third;
        if (rest is [>= (byte)'A', ..])
        {
            return TryReadMonth(ref rest, out second) && TimeDigits.TryReadSign(ref rest, sign) && TimeDigits.TryReadInt(ref rest, 4, out third)
                && TryReadClockBehind(ref rest, ref time, new WrittenTime(third, second, first, -1, null));
        }

        if (!TimeDigits.TryReadInt(ref rest, Math.Min(2, TimestampParts.DigitsOf(rest)), out second))
        {
            return false;
        }

        if (rest is not [_, >= (byte)'0' and <= (byte)'9', ..] || rest[0] != sign)
        {
            order = sign == '-' ? DateOrder.MonthFirst : order;
            return sign != ' ' && TryReadClockBehind(ref rest, ref time, Of(order, 0, first, second)) && time.TimeOfDay >= 0 && time.Month > 0;
        }

        rest = rest[1..];
        var length = TimestampParts.DigitsOf(rest);
        if (length is not (2 or 4) || !TimeDigits.TryReadInt(ref rest, length, out third))
        {
            return false;
        }

        order = sign == '.' ? DateOrder.DayFirst : order;
        var date = order == DateOrder.YearFirst
            ? new WrittenTime(length == 2 ? 2000 + first : 0, second, third, -1, null)
            : Of(order, length == 2 ? 2000 + third : third, first, second);
        return date is { Year: > 0, Month: > 0 } && TryReadClockBehind(ref rest, ref time, date);
    }

    private static WrittenTime Of(DateOrder order, int year, int first, int second) => order switch
    {
        DateOrder.MonthFirst => new WrittenTime(year, first, second, -1, null),
        DateOrder.DayFirst => new WrittenTime(year, second, first, -1, null),
        _ => default,
    };

    // Mar  4 15:06:07; Wed Mar 04 15:06:07.123 [zone] 2026; Wed, 04 Mar 2026 15:06:07 GMT; Mar 04, 2026 3:06:07 PM
    private static bool TryReadNamed(scoped ref ReadOnlySpan<byte> rest, DateOrder order, out WrittenTime time)
    {
        time = default;
        if (TryReadName(ref rest, Days))
        {
            rest = rest is [(byte)',', ..] ? rest[1..] : rest;
            rest = rest.TrimStart((byte)' ');
            if (rest is [>= (byte)'0' and <= (byte)'9', ..])
            {
                return TryReadNumbers(ref rest, order, out time);
            }
        }

        if (!TryReadMonth(ref rest, out var month) || rest is not [(byte)' ', ..])
        {
            return false;
        }

        rest = rest.TrimStart((byte)' ');
        if (TimestampParts.DigitsOf(rest) is not (1 or 2) || !TimeDigits.TryReadInt(ref rest, TimestampParts.DigitsOf(rest), out var day))
        {
            return false;
        }

        var year = 0;
        if (rest is [(byte)',', (byte)' ', ..] && TimestampParts.DigitsOf(rest[2..]) == 4)
        {
            rest = rest[2..];
            TimeDigits.TryReadInt(ref rest, 4, out year);
        }

        return TryReadClockBehind(ref rest, ref time, new WrittenTime(year, month, day, -1, null))
            && (year > 0 || TryReadYearBehind(ref rest, ref time));
    }

    // The year stands last, perhaps with a zone before it.
    private static bool TryReadYearBehind(scoped ref ReadOnlySpan<byte> rest, ref WrittenTime time)
    {
        var tail = rest;
        if (tail is [(byte)' ', >= (byte)'A' and <= (byte)'Z', >= (byte)'A' and <= (byte)'Z', >= (byte)'A' and <= (byte)'Z', (byte)' ', ..])
        {
            tail = tail[4..];
        }

        if (tail is [(byte)' ', ..] && TimestampParts.DigitsOf(tail[1..]) == 4)
        {
            tail = tail[1..];
            TimeDigits.TryReadInt(ref tail, 4, out var year);
            if (year is >= 1970 and < 2200)
            {
                time = time with { Year = year };
                rest = tail;
            }
        }

        return time.TimeOfDay >= 0;
    }

    private static bool TryReadClockBehind(scoped ref ReadOnlySpan<byte> rest, ref WrittenTime time, in WrittenTime date)
    {
        time = date;
        return TryReadClockBehind(ref rest, ref time);
    }

    // The hour behind a day; a day alone is one, too.
    private static bool TryReadClockBehind(scoped ref ReadOnlySpan<byte> rest, ref WrittenTime time)
    {
        var tail = rest;
        if (tail is [(byte)'T' or (byte)'t' or (byte)' ' or (byte)'-' or (byte)':' or (byte)'_', >= (byte)'0' and <= (byte)'9', ..])
        {
            tail = tail[1..];
            if (ForeignClock.TryRead(ref tail, out var clock))
            {
                time = time.With(in clock);
                rest = tail;
            }
        }

        return true;
    }

    // Seconds, or by the size milliseconds, microseconds, nanoseconds.
    private static bool TryReadEpoch(scoped ref ReadOnlySpan<byte> rest, out WrittenTime time)
    {
        time = default;
        if (TimestampParts.DigitsOf(rest) == MillisecondDigits && Utf8Parser.TryParse(rest, out long milliseconds, out _) && milliseconds < LastSecond * 1000)
        {
            rest = rest[MillisecondDigits..];
            time = WrittenTime.OfUtc(UnixEpoch + milliseconds * TimeSpan.TicksPerMillisecond);
            return true;
        }

        if (!Utf8Parser.TryParse(rest, out decimal number, out var used) || number is < 0 or > 9e18m)
        {
            return false;
        }

        var ticks = number switch
        {
            < 100_000_000_000m => number * TimeSpan.TicksPerSecond,
            < 100_000_000_000_000m => number * TimeSpan.TicksPerMillisecond,
            < 100_000_000_000_000_000m => number * TimeSpan.TicksPerMicrosecond,
            _ => number / TimeSpan.NanosecondsPerTick,
        };
        rest = rest[used..];
        if (ticks is < FirstSecond * TimeSpan.TicksPerSecond or > LastSecond * TimeSpan.TicksPerSecond)
        {
            return false;
        }

        time = WrittenTime.OfUtc(UnixEpoch + (long)ticks);
        return true;
    }

    private static bool TryReadMonth(scoped ref ReadOnlySpan<byte> rest, out int month) =>
        TimestampParts.TryReadName(ref rest, LongMonths, out month) || TimestampParts.TryReadName(ref rest, Months, out month);

    private static bool TryReadName(scoped ref ReadOnlySpan<byte> rest, string[] names) => TimestampParts.TryReadName(ref rest, names, out _);
}
