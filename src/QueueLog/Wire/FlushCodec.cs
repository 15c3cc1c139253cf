using System.Buffers.Binary;

namespace QueueLog.Wire;

/// <summary>What a client asks and says of its records, and whether they are written.</summary>
internal static class FlushCodec
{
    public const int FlushedLength = 8 + 1;

    // Flush = number:i64le, at least 1; Flushed answers it
    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static long ReadFlush(Frame frame)
    {
        var number = new SpanReader(frame.Payload.Span).ReadInt64();
        return number > 0 ? number : throw new ProtocolException($"A flush has the number {number}; numbers start at 1.");
    }

    // Flushed = number:i64le written:u8
    public static void WriteFlushed(Span<byte> payload, long number, bool isWritten)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        payload[8] = isWritten ? (byte)1 : (byte)0;
    }

    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static (long Number, bool IsWritten) ReadFlushed(Frame frame)
    {
        var reader = new SpanReader(frame.Payload.Span);
        return (reader.ReadInt64(), reader.ReadByte() != 0);
    }

    // Lost = count:i64le, at least 1
    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static long ReadLost(Frame frame)
    {
        var count = new SpanReader(frame.Payload.Span).ReadInt64();
        return count > 0 ? count : throw new ProtocolException($"{count} records cannot be lost.");
    }
}
