using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace QueueLog.Wire;

/// <summary>Numbers that are no 64 bit integers and no doubles: they travel in digits, and none of them as a text.</summary>
internal static class NumberText
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    /// <summary>Writes a number as the value of a property.</summary>
    /// <returns>False when it is none; nothing is written then.</returns>
    public static bool TryWrite(ByteWriter output, object value)
    {
        switch (value)
        {
            // By their digits: the double beside the float 0.1 is 0.10000000149011612.
            case float number:
                return WriteDouble(output, float.IsFinite(number) ? double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : number);
            case Half number:
                return WriteDouble(output, Half.IsFinite(number) ? double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : (double)number);
            case nint number:
                output.WriteTagged((byte)PropertyKind.Integer, number);
                return true;
            case ulong or nuint or Int128 or UInt128 or BigInteger:
                return TryWriteInteger(output, ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
            case decimal number:
                // With a point, which the other ones do not have.
                var digits = number.ToString(CultureInfo.InvariantCulture);
                WriteDigits(output, digits.Contains('.') ? digits : digits + ".0");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether a text is a number as JSON has it, without an exponent.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text.Length > ProtocolLimits.MaxNumberLength)
        {
            return false;
        }

        var digits = text is [(byte)'-', .. var rest] ? rest : text;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var isWhole = !whole.IsEmpty && (whole is [(byte)'0'] || whole[0] != '0') && !whole.ContainsAnyExcept(Digits);
        return isWhole && (point < 0 || (point + 1 < digits.Length && !digits[(point + 1)..].ContainsAnyExcept(Digits)));
    }

    /// <summary>Takes a decimal from JSON, where another zero at its end tells it from a double.</summary>
    public static bool TryReadDecimal(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> digits)
    {
        digits = text is [.., not (byte)'.', (byte)'0'] ? text[..^1] : default;
        return digits.Contains((byte)'.') && IsNumber(digits) && decimal.TryParse(digits, NumberStyles.Number, CultureInfo.InvariantCulture, out _);
    }

    /// <summary>The number whose digits these are: a decimal where there is a point.</summary>
    public static object Read(ReadOnlySpan<byte> digits)
    {
        var text = Encoding.ASCII.GetString(digits);
        return digits.Contains((byte)'.')
            ? decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : double.Parse(text, CultureInfo.InvariantCulture)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned) ? (object)unsigned : BigInteger.Parse(text, CultureInfo.InvariantCulture);
    }

    private static bool WriteDouble(ByteWriter output, double number)
    {
        output.WriteTagged((byte)PropertyKind.Double, BitConverter.DoubleToInt64Bits(number));
        return true;
    }

    private static bool TryWriteInteger(ByteWriter output, string digits)
    {
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            output.WriteTagged((byte)PropertyKind.Integer, number);
            return true;
        }

        // A longer one is a text.
        if (digits.Length > ProtocolLimits.MaxNumberLength)
        {
            return false;
        }

        WriteDigits(output, digits);
        return true;
    }

    private static void WriteDigits(ByteWriter output, string digits)
    {
        output.WriteByte((byte)PropertyKind.Number);
        output.WriteText(digits);
    }
}
