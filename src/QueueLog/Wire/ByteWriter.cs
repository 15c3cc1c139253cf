using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace QueueLog.Wire;

/// <summary>A growing, reusable buffer with the primitive values of the protocol. Not thread-safe.</summary>
internal sealed class ByteWriter(int initialCapacity = 4096) : IBufferWriter<byte>
{
    private const int MostKept = 1024 * 1024;

    private byte[] buffer = GC.AllocateUninitializedArray<byte>(initialCapacity);

    public int Length { get; private set; }

    public int Capacity => buffer.Length;

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => buffer.AsMemory(0, Length);

    /// <summary>What was written from a position on, to be changed in place.</summary>
    public Span<byte> WrittenSpan(int start) => buffer.AsSpan(start, Length - start);

    /// <summary>Forgets the content; a buffer grown beyond <paramref name="keepCapacity"/> by one large value is let go.</summary>
    public void Clear(int keepCapacity = int.MaxValue)
    {
        Length = 0;
        if (buffer.Length > keepCapacity)
        {
            buffer = GC.AllocateUninitializedArray<byte>(initialCapacity);
        }
    }

    /// <summary>Gives the content away and begins anew. A large value that fills the buffer is not copied for that.</summary>
    public byte[] Detach()
    {
        var content = buffer;
        if (Length == buffer.Length)
        {
            buffer = GC.AllocateUninitializedArray<byte>(initialCapacity);
        }
        else
        {
            content = Written.ToArray();
        }

        Clear(MostKept);
        return content;
    }

    /// <summary>Cuts the content back to a length it had before.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    public void WriteByte(byte value)
    {
        if (Length == buffer.Length)
        {
            Grow(1);
        }

        buffer[Length++] = value;
    }

    public void WriteInt16(short value)
    {
        BinaryPrimitives.WriteInt16LittleEndian(Reserve(2), value);
        Length += 2;
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);
        Length += 4;
    }

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);
        Length += 8;
    }

    // varint = 1 to 5 bytes, 7 bits each, least significant first, high bit set on all but the last
    public void WriteVarInt(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var rest = (uint)value;
        while (rest >= 0x80)
        {
            WriteByte((byte)(rest | 0x80));
            rest >>= 7;
        }

        WriteByte((byte)rest);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    // text = length:varint utf8; a lone surrogate becomes U+FFFD
    public void WriteText(ReadOnlySpan<char> text)
    {
        // Most texts are short: the length then takes one byte whatever the characters are, and is filled in afterwards.
        if (text.Length <= 0x7F / 3)
        {
            var target = Reserve(1 + text.Length * 3);
            var written = Encoding.UTF8.GetBytes(text, target[1..]);
            target[0] = (byte)written;
            Length += 1 + written;
            return;
        }

        var count = Encoding.UTF8.GetByteCount(text);
        WriteVarInt(count);
        Encoding.UTF8.GetBytes(text, Reserve(count));
        Length += count;
    }

    public void WriteText(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length < 0x80)
        {
            var target = Reserve(1 + utf8.Length);
            target[0] = (byte)utf8.Length;
            utf8.CopyTo(target[1..]);
            Length += target.Length;
            return;
        }

        WriteVarInt(utf8.Length);
        WriteBytes(utf8);
    }

    /// <summary>Starts a text whose length is not known yet; it is filled in by <see cref="EndText"/>.</summary>
    /// <returns>Where it starts.</returns>
    public int BeginText()
    {
        WriteByte(0);
        return Length;
    }

    /// <summary>Ends a text that is everything written since its beginning.</summary>
    public void EndText(int start)
    {
        var length = Length - start;
        if (length < 0x80)
        {
            buffer[start - 1] = (byte)length;
            return;
        }

        // The length takes more than the one byte that was left for it: the text moves.
        var more = BitOperations.Log2((uint)length) / 7;
        Reserve(more);
        buffer.AsSpan(start, length).CopyTo(buffer.AsSpan(start + more));
        Length = start - 1;
        WriteVarInt(length);
        Length += length;
    }

    /// <summary>A byte and a number behind it.</summary>
    public void WriteTagged(byte tag, long value)
    {
        var target = Reserve(1 + 8);
        target[0] = tag;
        BinaryPrimitives.WriteInt64LittleEndian(target[1..], value);
        Length += 1 + 8;
    }

    /// <summary>Appends text without a length.</summary>
    public void WriteUtf8(ReadOnlySpan<char> text)
    {
        var target = Reserve(text.Length <= 256 ? text.Length * 3 : Encoding.UTF8.GetByteCount(text));
        Length += Encoding.UTF8.GetBytes(text, target);
    }

    /// <summary>Room for at least so many bytes, to be written to and then taken by <see cref="Advance"/>.</summary>
    public Span<byte> Room(int atLeast) => Reserve(atLeast);

    public void Advance(int count) => Length += count;

    /// <summary>Starts a frame; its length is filled in by <see cref="EndFrame"/>.</summary>
    /// <returns>Where the frame starts.</returns>
    public int BeginFrame(FrameType type)
    {
        var start = Length;
        WriteInt32(0);
        WriteByte((byte)type);
        return start;
    }

    /// <summary>Fills in the length of a frame.</summary>
    /// <param name="start">Where it starts.</param>
    /// <param name="rest">How many bytes of it follow elsewhere.</param>
    public void EndFrame(int start, int rest = 0) => BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start), Length - start - 4 + rest);

    /// <summary>Overwrites four bytes written before.</summary>
    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(position), value);

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsMemory(Length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsSpan(Length);
    }

    private Span<byte> Reserve(int count)
    {
        if (buffer.Length - Length < count)
        {
            Grow(count);
        }

        return buffer.AsSpan(Length, count);
    }

    private void Grow(int count)
    {
        var needed = (long)Length + count;
        if (needed > Array.MaxLength)
        {
            throw new OutOfMemoryException("An array holds no more than 2 GiB.");
        }

        Array.Resize(ref buffer, (int)Math.Min(Math.Max((long)buffer.Length * 2, needed), Array.MaxLength));
    }
}
