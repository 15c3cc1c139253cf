using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Writes properties in the form in which they travel, for <see cref="PropertyReader"/>.</summary>
internal static class PropertyEncoder
{
    public static void AddText(this ByteWriter properties, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> text)
    {
        Begin(properties, name, PropertyKind.Text);
        properties.WriteText(text);
    }

    public static void AddInteger(this ByteWriter properties, scoped ReadOnlySpan<byte> name, long value)
    {
        Begin(properties, name, PropertyKind.Integer);
        properties.WriteInt64(value);
    }

    public static void AddDouble(this ByteWriter properties, scoped ReadOnlySpan<byte> name, double value)
    {
        Begin(properties, name, PropertyKind.Double);
        properties.WriteInt64(BitConverter.DoubleToInt64Bits(value));
    }

    public static void AddNumber(this ByteWriter properties, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> digits)
    {
        Begin(properties, name, PropertyKind.Number);
        properties.WriteText(digits);
    }

    /// <summary>Begins a list or an object; <see cref="ByteWriter.EndText"/> ends it, behind the values within.</summary>
    public static int BeginStructure(this ByteWriter properties, scoped ReadOnlySpan<byte> name, PropertyKind kind)
    {
        Begin(properties, name, kind);
        return properties.BeginText();
    }

    public static void AddBoolean(this ByteWriter properties, scoped ReadOnlySpan<byte> name, bool value)
    {
        Begin(properties, name, PropertyKind.Boolean);
        properties.WriteByte(value ? (byte)1 : (byte)0);
    }

    public static void AddTimestamp(this ByteWriter properties, scoped ReadOnlySpan<byte> name, long utcTicks, short offsetMinutes)
    {
        Begin(properties, name, PropertyKind.Timestamp);
        properties.WriteInt64(utcTicks);
        properties.WriteInt16(offsetMinutes);
    }

    public static void AddNull(this ByteWriter properties, scoped ReadOnlySpan<byte> name) => Begin(properties, name, PropertyKind.Null);

    private static void Begin(ByteWriter properties, scoped ReadOnlySpan<byte> name, PropertyKind kind)
    {
        properties.WriteText(name);
        properties.WriteByte((byte)kind);
    }
}
