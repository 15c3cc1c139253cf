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

    // Names that mean one offset all over the world, in minutes.
    private static readonly (byte[] Name, int Offset)[] Zones = Array.ConvertAll(
        ((string Name, int Offset)[])
        [
            ("UTC", 0), ("GMT", 0), ("CEST", 120), ("CET", 60), ("WEST", 60), ("WET", 0), ("EEST", 180), ("EET", 120), ("MSK", 180), ("EST", -300), ("EDT", -240),
            ("CDT", -300), ("MDT", -360), ("PST", -480), ("PDT", -420), ("JST", 540), ("KST", 540), ("AEST", 600), ("AEDT", 660), ("NZST", 720), ("NZDT", 780),
        ],
        zone => (System.Text.Encoding.ASCII.GetBytes(zone.Name), zone.Offset));

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
            1 or 2 when sign == ':' => TryReadClock(ref rest, out time),
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
            'y' => TryReadInt(ref rest, 4, out year) && TryReadSign(ref rest, sign) && TryReadInt(ref rest, 2, out month) && TryReadSign(ref rest, sign) && TryReadInt(ref rest, 2, out day),
            's' => TryReadInt(ref rest, 2, out year) && TryReadInt(ref rest, 2, out month) && TryReadInt(ref rest, 2, out day),
            _ => TryReadInt(ref rest, 2, out month) && TryReadInt(ref rest, 2, out day),
        };
        year += form == 's' ? 2000 : 0;
        time = new WrittenTime(year, month, day, -1, null);
        return isRead && month > 0 && day > 0;
    }

    // 04/Mar/2026, 04-Mar-2026, 4 Mar 2026, 03/04/2026, 04.03.2026, 26/03/04, 03-04, 10.30
    private static bool TryReadShort(scoped ref ReadOnlySpan<byte> rest, int digits, byte sign, DateOrder order, out WrittenTime time)
    {
        time = default;
        if (!TryReadInt(ref rest, digits, out var first) || !TryReadSign(ref rest, sign))
        {
            return false;
        }

        int second, third;
        if (rest is [>= (byte)'A', ..])
        {
            return TryReadMonth(ref rest, out second) && TryReadSign(ref rest, sign) && TryReadInt(ref rest, 4, out third)
                && TryReadClockBehind(ref rest, ref time, new WrittenTime(third, second, first, -1, null));
        }

        if (!TryReadInt(ref rest, Math.Min(2, TimestampParts.DigitsOf(rest)), out second))
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
        if (length is not (2 or 4) || !TryReadInt(ref rest, length, out third))
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
        if (TimestampParts.DigitsOf(rest) is not (1 or 2) || !TryReadInt(ref rest, TimestampParts.DigitsOf(rest), out var day))
        {
            return false;
        }

        var year = 0;
        if (rest is [(byte)',', (byte)' ', ..] && TimestampParts.DigitsOf(rest[2..]) == 4)
        {
            rest = rest[2..];
            TryReadInt(ref rest, 4, out year);
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
            TryReadInt(ref tail, 4, out var year);
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
            if (TryReadClock(ref tail, out var clock))
            {
                time = time.With(in clock);
                rest = tail;
            }
        }

        return true;
    }

    private static bool TryReadClock(scoped ref ReadOnlySpan<byte> rest, out WrittenTime time)
    {
        time = default;
        var digits = TimestampParts.DigitsOf(rest);
        int hour, minute, second = 0;
        long fraction = 0;
        if (digits == 6)
        {
            TryReadInt(ref rest, 2, out hour);
            TryReadInt(ref rest, 2, out minute);
            TryReadInt(ref rest, 2, out second);
        }
        else
        {
            var sign = digits < rest.Length ? rest[digits] : (byte)0;
            if (digits is not (1 or 2) || sign is not ((byte)':' or (byte)'.') || !TryReadInt(ref rest, digits, out hour) || !TryReadSign(ref rest, sign) || !TryReadShortInt(ref rest, out minute))
            {
                return false;
            }

            if (rest is [_, >= (byte)'0' and <= (byte)'9', ..] && rest[0] == sign)
            {
                rest = rest[1..];
                TryReadShortInt(ref rest, out second);
            }
        }

        if (rest is [(byte)'.' or (byte)',' or (byte)':', >= (byte)'0' and <= (byte)'9', ..])
        {
            rest = rest[1..];
            fraction = ReadFraction(ref rest);
        }

        if (!TryReadHalf(ref rest, ref hour))
        {
            return false;
        }

        var offset = ReadZone(ref rest);

        // A leap second is the one before it.
        second = Math.Min(second, second == 60 ? 59 : second);
        time = new WrittenTime(0, 0, 0, ((hour * 60L + minute) * 60 + second) * TimeSpan.TicksPerSecond + fraction, offset);
        return hour <= 23 && minute <= 59 && second <= 59;
    }

    private static long ReadFraction(scoped ref ReadOnlySpan<byte> rest)
    {
        long fraction = 0;
        var digits = 0;
        for (; !rest.IsEmpty && (uint)(rest[0] - '0') <= 9; rest = rest[1..])
        {
            fraction = digits < 7 ? fraction * 10 + (rest[0] - '0') : fraction;
            digits++;
        }

        for (; digits < 7; digits++)
        {
            fraction *= 10;
        }

        return fraction;
    }

    // PM, a.m. and the like. Some write it behind hours up to 23.
    private static bool TryReadHalf(scoped ref ReadOnlySpan<byte> rest, ref int hour)
    {
        var tail = rest is [(byte)' ', ..] ? rest[1..] : rest;
        var length = tail switch
        {
            [(byte)'A' or (byte)'P' or (byte)'a' or (byte)'p', (byte)'M' or (byte)'m', ..] => 2,
            [(byte)'A' or (byte)'P' or (byte)'a' or (byte)'p', (byte)'.', (byte)'M' or (byte)'m', (byte)'.', ..] => 4,
            _ => 0,
        };
        if (length == 0 || (tail.Length > length && char.IsAsciiLetterOrDigit((char)tail[length])))
        {
            return true;
        }

        var isAfternoon = (tail[0] | 0x20) == 'p';
        rest = tail[length..];
        if (hour > 12 || hour == 0)
        {
            return isAfternoon == hour > 12;
        }

        hour = hour % 12 + (isAfternoon ? 12 : 0);
        return true;
    }

    // Z, UTC, CET, +01, +0100, +01:00, with a blank before it or without.
    private static int? ReadZone(scoped ref ReadOnlySpan<byte> rest)
    {
        var tail = rest is [(byte)' ', ..] ? rest[1..] : rest;
        foreach (var (name, known) in Zones)
        {
            if (tail.StartsWith(name) && (tail.Length == name.Length || !char.IsAsciiLetterOrDigit((char)tail[name.Length])))
            {
                rest = tail[name.Length..];
                return known;
            }
        }

        if (tail is [(byte)'Z' or (byte)'z'] or [(byte)'Z' or (byte)'z', (byte)' ' or (byte)']' or (byte)',' or (byte)'|' or (byte)'"', ..])
        {
            rest = tail[1..];
            return 0;
        }

        if (tail is not [(byte)'+' or (byte)'-', >= (byte)'0' and <= (byte)'1', >= (byte)'0' and <= (byte)'9', ..])
        {
            return null;
        }

        var sign = tail[0] == '-' ? -1 : 1;
        var zone = tail[1..];
        TryReadInt(ref zone, 2, out var hours);
        var minutes = 0;
        if (zone is [(byte)':', >= (byte)'0' and <= (byte)'5', >= (byte)'0' and <= (byte)'9', ..])
        {
            zone = zone[1..];
            TryReadInt(ref zone, 2, out minutes);
        }
        else if (TimestampParts.DigitsOf(zone) == 2)
        {
            TryReadInt(ref zone, 2, out minutes);
        }
        else if (TimestampParts.DigitsOf(zone) != 0 || rest.Length != tail.Length)
        {
            // Another number behind a blank.
            return null;
        }

        // Another number, as no zone has such minutes.
        if (minutes % 15 != 0 || hours * 60 + minutes > 14 * 60)
        {
            return null;
        }

        rest = zone;
        return sign * (hours * 60 + minutes);
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

    private static bool TryReadInt(scoped ref ReadOnlySpan<byte> rest, int digits, out int value)
    {
        value = 0;
        if (rest.Length < digits || !RoundTripTimeReader.TryReadDigits(rest[..digits], out value))
        {
            return false;
        }

        rest = rest[digits..];
        return true;
    }

    private static bool TryReadShortInt(scoped ref ReadOnlySpan<byte> rest, out int value) =>
        TryReadInt(ref rest, Math.Clamp(TimestampParts.DigitsOf(rest), 1, 2), out value);

    private static bool TryReadSign(scoped ref ReadOnlySpan<byte> rest, byte sign)
    {
        if (sign == 0)
        {
            return true;
        }

        if (rest.IsEmpty || rest[0] != sign)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private static bool TryReadMonth(scoped ref ReadOnlySpan<byte> rest, out int month) =>
        TimestampParts.TryReadName(ref rest, LongMonths, out month) || TimestampParts.TryReadName(ref rest, Months, out month);

    private static bool TryReadName(scoped ref ReadOnlySpan<byte> rest, string[] names) => TimestampParts.TryReadName(ref rest, names, out _);
}
