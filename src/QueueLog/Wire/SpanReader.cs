using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace QueueLog.Wire;

/// <summary>Reads the primitive values of the protocol from a span that holds the whole message.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> bytes)
{
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public byte ReadByte() => Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16LittleEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    // varint = 1 to 5 bytes, 7 bits each, least significant first, high bit set on all but the last
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadVarInt()
    {
        // Most are the lengths of short texts.
        var rest = Rest;
        if (!rest.IsEmpty && rest[0] < 0x80)
        {
            Rest = rest[1..];
            return rest[0];
        }

        return ReadLongVarInt();
    }

    // text = length:varint utf8
    public ReadOnlySpan<byte> ReadText() => Take(ReadVarInt());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Take(int length)
    {
        var rest = Rest;
        if ((uint)length > (uint)rest.Length)
        {
            throw PastTheEnd(length, rest.Length);
        }

        Rest = rest[length..];
        return rest[..length];
    }

    private static ProtocolException PastTheEnd(int length, int left) =>
        new($"A field of {length} bytes runs past the end of its message, which has {left} left.");

    private int ReadLongVarInt()
    {
        var rest = Rest;
        uint value = 0;
        for (var i = 0; i < 5; i++)
        {
            if (i >= rest.Length)
            {
                throw new ProtocolException("A number runs past the end of its message.");
            }

            var b = rest[i];
            value |= (uint)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                if (value > int.MaxValue || (i == 4 && b > 0x07))
                {
                    break;
                }

                Rest = rest[(i + 1)..];
                return (int)value;
            }
        }

        throw new ProtocolException("A number is longer than 31 bits.");
    }
}
