using System.Buffers;
using System.Buffers.Text;
using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>The value that a text without quotes stands for: a number, a time, <c>true</c>, <c>false</c>, <c>null</c>, or the text itself.</summary>
internal static class BareValue
{
    private static readonly SearchValues<byte> PartsOfDouble = SearchValues.Create("0123456789+-.eE"u8);

    public static void Add(ByteWriter properties, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        // Most texts begin with a letter that no other value does.
        if (value.IsEmpty || value[0] is > (byte)'9' and not ((byte)'t' or (byte)'f' or (byte)'n' or (byte)'N' or (byte)'I'))
        {
            properties.AddText(name, value);
        }
        else if (TryReadInteger(value, out var integer))
        {
            properties.AddInteger(name, integer);
        }
        else if (value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8))
        {
            properties.AddBoolean(name, value[0] == (byte)'t');
        }
        else if (value.SequenceEqual("null"u8))
        {
            properties.AddNull(name);
        }
        else if (RoundTripTimeReader.TryRead(value, out var utcTicks, out var offset))
        {
            properties.AddTimestamp(name, utcTicks, offset);
        }
        else if (TryReadDouble(value, out _))
        {
            AddFraction(properties, name, value);
        }
        else if (NumberText.IsNumber(value) && !value.SequenceEqual("-0"u8))
        {
            properties.AddNumber(name, value);
        }
        else
        {
            properties.AddText(name, value);
        }
    }

    /// <summary>A number with a point or an exponent, as JSON has it.</summary>
    public static void AddFraction(ByteWriter properties, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        if (NumberText.TryReadDecimal(value, out var digits))
        {
            properties.AddNumber(name, digits);
        }
        else if (TryReadDouble(value, out var number))
        {
            properties.AddDouble(name, number);
        }
        else
        {
            properties.AddText(name, value);
        }
    }

    /// <summary>As numbers are written: <c>007</c> and <c>+7</c> are texts.</summary>
    public static bool TryReadInteger(ReadOnlySpan<byte> value, out long integer)
    {
        var digits = value is [(byte)'-', .. var rest] ? rest : value;
        integer = 0;
        return digits.Length is > 0 and < 20
            && (digits[0] is > (byte)'0' and <= (byte)'9' || (digits is [(byte)'0'] && value.Length == 1))
            && Utf8Parser.TryParse(value, out integer, out var used) && used == value.Length;
    }

    public static bool TryReadDouble(ReadOnlySpan<byte> value, out double number)
    {
        number = value switch
        {
            _ when value.SequenceEqual("NaN"u8) => double.NaN,
            _ when value.SequenceEqual("Infinity"u8) => double.PositiveInfinity,
            _ when value.SequenceEqual("-Infinity"u8) => double.NegativeInfinity,
            _ => 0,
        };
        return number != 0
            || (value.ContainsAny((byte)'.', (byte)'e', (byte)'E')
                && value[^1] is >= (byte)'0' and <= (byte)'9'
                && !value.ContainsAnyExcept(PartsOfDouble)
                && Utf8Parser.TryParse(value, out number, out var used) && used == value.Length);
    }
}
