using System.Globalization;
using System.Text;

namespace QueueLog.Reading.Formats;

/// <summary>Takes the pieces of a time off the beginning of a text.</summary>
internal static class TimestampParts
{
    public static bool TryRead(scoped ref ReadOnlySpan<byte> rest, int least, int most, out int value)
    {
        value = 0;
        var length = 0;
        while (length < most && length < rest.Length && (uint)(rest[length] - '0') <= 9)
        {
            // Of a fixed width only that many: another number may follow at once.
            if (length == least && least > 1)
            {
                break;
            }

            value = value * 10 + (rest[length++] - '0');
        }

        rest = rest[length..];
        return length >= Math.Min(least, most);
    }

    public static int DigitsOf(ReadOnlySpan<byte> text)
    {
        var other = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return other < 0 ? text.Length : other;
    }

    public static int Scale(int fraction, int digits)
    {
        for (; digits < 7; digits++)
        {
            fraction *= 10;
        }

        return fraction;
    }

    public static bool TryReadName(scoped ref ReadOnlySpan<byte> rest, string[] names, out int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        for (number = 1; number <= names.Length; number++)
        {
            var name = bytes[..Encoding.UTF8.GetBytes(names[number - 1], bytes)];
            if (name.Length > 0 && rest.StartsWith(name))
            {
                rest = rest[name.Length..];
                return true;
            }
        }

        return false;
    }

    // z: +1, zz: +01, zzz: +01:00
    public static bool TryReadOffset(scoped ref ReadOnlySpan<byte> rest, byte width, out int? offset)
    {
        offset = null;
        if (rest is [(byte)'Z', ..])
        {
            rest = rest[1..];
            offset = 0;
            return true;
        }

        if (rest is not [(byte)'+' or (byte)'-', ..])
        {
            return false;
        }

        var sign = rest[0] == '-' ? -1 : 1;
        rest = rest[1..];
        var minutes = 0;
        if (!TryRead(ref rest, width == 1 ? 1 : 2, 2, out var hours))
        {
            return false;
        }

        if (width >= 3)
        {
            if (rest is not [(byte)':', ..])
            {
                return false;
            }

            rest = rest[1..];
            if (!TryRead(ref rest, 2, 2, out minutes))
            {
                return false;
            }
        }

        offset = sign * (hours * 60 + minutes);
        return offset is >= -14 * 60 and <= 14 * 60;
    }
}
