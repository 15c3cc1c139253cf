using System.Buffers.Binary;

namespace QueueLog.Wire;

/// <summary>Walks the encoded properties of a record without allocating.</summary>
internal ref struct PropertyReader(ReadOnlySpan<byte> encoded)
{
    private ReadOnlySpan<byte> rest = encoded;

    public ReadOnlySpan<byte> Name { get; private set; }

    public PropertyKind Kind { get; private set; }

    /// <summary>The value when <see cref="Kind"/> is Text or Number; the encoded values within when it is List or Object.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    /// <summary>The value when <see cref="Kind"/> is Integer, Boolean (0 or 1) or Timestamp (UTC ticks).</summary>
    public long Integer { get; private set; }

    /// <summary>Offset from UTC in minutes when <see cref="Kind"/> is Timestamp.</summary>
    public short OffsetMinutes { get; private set; }

    /// <summary>Whether there are values within.</summary>
    public readonly bool IsStructure => Kind is PropertyKind.List or PropertyKind.Object;

    /// <summary>The values within.</summary>
    public readonly PropertyReader Values => new(Text);

    public readonly double Double => BitConverter.Int64BitsToDouble(Integer);

    /// <summary>Writes kind and value as they travel.</summary>
    public readonly void CopyValueTo(ByteWriter output)
    {
        output.WriteByte((byte)Kind);
        switch (Kind)
        {
            case PropertyKind.Null:
                break;
            case PropertyKind.Integer or PropertyKind.Double:
                output.WriteInt64(Integer);
                break;
            case PropertyKind.Boolean:
                output.WriteByte((byte)Integer);
                break;
            case PropertyKind.Timestamp:
                output.WriteInt64(Integer);
                output.WriteInt16(OffsetMinutes);
                break;
            default:
                output.WriteText(Text);
                break;
        }
    }

    /// <summary>Moves to the next property; false after the last.</summary>
    /// <exception cref="ProtocolException">The bytes are no properties.</exception>
    public bool Read()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        return TryReadInteger() || ReadAny();
    }

    // Most names are short, and most values that are no texts are integers.
    private bool TryReadInteger()
    {
        var bytes = rest;
        int length = bytes[0];
        if (length >= 0x80 || bytes.Length < length + 10 || bytes[length + 1] != (byte)PropertyKind.Integer)
        {
            return false;
        }

        Name = bytes.Slice(1, length);
        Kind = PropertyKind.Integer;
        Integer = BinaryPrimitives.ReadInt64LittleEndian(bytes[(length + 2)..]);
        rest = bytes[(length + 10)..];
        return true;
    }

    private bool ReadAny()
    {
        var reader = new SpanReader(rest);
        Name = reader.ReadText();
        Kind = (PropertyKind)reader.ReadByte();
        Text = default;
        Integer = 0;
        OffsetMinutes = 0;
        switch (Kind)
        {
            case PropertyKind.Null:
                break;
            case PropertyKind.Text or PropertyKind.Number or PropertyKind.List or PropertyKind.Object:
                Text = reader.ReadText();
                break;
            case PropertyKind.Integer or PropertyKind.Double:
                Integer = reader.ReadInt64();
                break;
            case PropertyKind.Boolean:
                Integer = reader.ReadByte();
                break;
            case PropertyKind.Timestamp:
                Integer = reader.ReadInt64();
                OffsetMinutes = reader.ReadInt16();
                break;
            default:
                throw new ProtocolException($"A property has the unknown kind {(byte)Kind}.");
        }

        rest = reader.Rest;
        return true;
    }
}
