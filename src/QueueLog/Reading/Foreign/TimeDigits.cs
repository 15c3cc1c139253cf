using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Foreign;

/// <summary>Takes numbers and signs off the beginning of a time.</summary>
internal static class TimeDigits
{
    public static bool TryReadInt(scoped ref ReadOnlySpan<byte> rest, int digits, out int value)
    {
        value = 0;
        if (rest.Length < digits || !RoundTripTimeReader.TryReadDigits(rest[..digits], out value))
        {
            return false;
        }

        rest = rest[digits..];
        return true;
    }

    public static bool TryReadShortInt(scoped ref ReadOnlySpan<byte> rest, out int value) =>
        TryReadInt(ref rest, Math.Clamp(TimestampParts.DigitsOf(rest), 1, 2), out value);

    public static bool TryReadSign(scoped ref ReadOnlySpan<byte> rest, byte sign)
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
}
