using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads a time of day with what may stand behind it: a fraction, the half of the day, a zone.</summary>
internal static class ForeignClock
{
    // Names that mean one offset all over the world, in minutes.
    private static readonly (byte[] Name, int Offset)[] Zones = Array.ConvertAll(
        ((string Name, int Offset)[])
        [
            ("UTC", 0), ("GMT", 0), ("CEST", 120), ("CET", 60), ("WEST", 60), ("WET", 0), ("EEST", 180), ("EET", 120), ("MSK", 180), ("EST", -300), ("EDT", -240),
            ("CDT", -300), ("MDT", -360), ("PST", -480), ("PDT", -420), ("JST", 540), ("KST", 540), ("AEST", 600), ("AEDT", 660), ("NZST", 720), ("NZDT", 780),
        ],
        zone => (System.Text.Encoding.ASCII.GetBytes(zone.Name), zone.Offset));

    public static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out WrittenTime time)
    {
        time = default;
        var digits = TimestampParts.DigitsOf(rest);
        int hour, minute, second = 0;
        long fraction = 0;
        if (digits == 6)
        {
            TimeDigits.TryReadInt(ref rest, 2, out hour);
            TimeDigits.TryReadInt(ref rest, 2, out minute);
            TimeDigits.TryReadInt(ref rest, 2, out second);
        }
        else
        {
            var sign = digits < rest.Length ? rest[digits] : (byte)0;
            if (digits is not (1 or 2) || sign is not ((byte)':' or (byte)'.') || !TimeDigits.TryReadInt(ref rest, digits, out hour) || !TimeDigits.TryReadSign(ref rest, sign) || !TimeDigits.TryReadShortInt(ref rest, out minute))
            {
                return false;
            }

            if (rest is [_, >= (byte)'0' and <= (byte)'9', ..] && rest[0] == sign)
            {
                rest = rest[1..];
                TimeDigits.TryReadShortInt(ref rest, out second);
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
        TimeDigits.TryReadInt(ref zone, 2, out var hours);
        var minutes = 0;
        if (zone is [(byte)':', >= (byte)'0' and <= (byte)'5', >= (byte)'0' and <= (byte)'9', ..])
        {
            zone = zone[1..];
            TimeDigits.TryReadInt(ref zone, 2, out minutes);
        }
        else if (TimestampParts.DigitsOf(zone) == 2)
        {
            TimeDigits.TryReadInt(ref zone, 2, out minutes);
        }
        else if (TimestampParts.DigitsOf(zone) != 0 || rest.Length != tail.Length)
        {
            // Another number behind a blank.
            return null;
        }

        // Another number, as no zone has such minutes. Behind a blank, -1200 is one, too: no clock that people go by has that offset.
        var isNumber = sign < 0 && hours == 12 && rest.Length != tail.Length;
        if (isNumber || minutes % 15 != 0 || hours * 60 + minutes > 14 * 60)
        {
            return null;
        }

        rest = zone;
        return sign * (hours * 60 + minutes);
    }
}
