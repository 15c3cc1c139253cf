using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads the hour of a time: 15:06:07.123, 3:06 PM, 150607, 15.06.07, with a zone behind it or without.</summary>
internal static class ForeignClock
{
    /// <summary>An hour, as far as it is said, with its offset.</summary>
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

        ReadHalf(ref rest, ref hour);
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

    private static void ReadHalf(scoped ref ReadOnlySpan<byte> rest, ref int hour)
    {
        if (rest is [(byte)' ', (byte)'A' or (byte)'P', (byte)'M', ..])
        {
            hour = hour % 12 + (rest[1] == 'P' ? 12 : 0);
            rest = rest[3..];
        }
    }

    // Z, UTC, GMT, +01, +0100, +01:00, with a blank before it or without.
    private static int? ReadZone(scoped ref ReadOnlySpan<byte> rest)
    {
        var tail = rest is [(byte)' ', ..] ? rest[1..] : rest;
        if (tail.StartsWith("UTC"u8) || tail.StartsWith("GMT"u8))
        {
            rest = tail[3..];
            return 0;
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

        rest = zone;
        return sign * (hours * 60 + minutes) is var offset and >= -14 * 60 and <= 14 * 60 ? offset : null;
    }
}
