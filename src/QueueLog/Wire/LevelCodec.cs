using System.Buffers.Binary;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>A change of the lowest level that is wanted, and its confirmation.</summary>
internal static class LevelCodec
{
    public const int LevelLength = 8 + 1;

    // Level = number:i64le levels:u8                   see WantedLevels
    public static void WriteLevel(Span<byte> payload, long number, WantedLevels levels)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        payload[8] = levels.ToByte();
    }

    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static (long Number, WantedLevels Levels) ReadLevel(Frame frame)
    {
        var reader = new SpanReader(frame.Payload.Span);
        return (reader.ReadInt64(), WantedLevels.Of(reader.ReadByte()));
    }

    // LevelTaken = number:i64le
    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static long ReadTaken(Frame frame) => new SpanReader(frame.Payload.Span).ReadInt64();
}
