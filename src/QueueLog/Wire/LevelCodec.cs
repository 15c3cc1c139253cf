using System.Buffers.Binary;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>A change of the lowest level that is wanted, and its confirmation.</summary>
internal static class LevelCodec
{
    public const int LevelLength = 8 + 1;

    // Level = number:i64le level:u8
    public static void WriteLevel(Span<byte> payload, long number, LogLevel level)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        payload[8] = (byte)level;
    }

    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static (long Number, LogLevel Level) ReadLevel(Frame frame)
    {
        var reader = new SpanReader(frame.Payload.Span);
        var number = reader.ReadInt64();
        var level = (LogLevel)reader.ReadByte();
        return level <= LogLevel.Critical ? (number, level) : throw new ProtocolException($"The listener asks for the unknown level {(byte)level}.");
    }

    // LevelTaken = number:i64le
    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static long ReadTaken(Frame frame) => new SpanReader(frame.Payload.Span).ReadInt64();
}
