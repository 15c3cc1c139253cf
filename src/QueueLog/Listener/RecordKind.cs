using System.Buffers.Binary;
using System.Numerics;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Tells which records are alike, by a number of 64 bits: others never share it but by a chance of one in many billions.</summary>
internal static class RecordKind
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public static ulong Of(scoped in RecordView record, LimitBy by) => by switch
    {
        LimitBy.Category => Finish(Add(1, record.Category)),
        _ when !record.Template.IsEmpty => Finish(Add(2, record.Template)),
        _ => OfText(record.Message),
    };

    // 'item 7 of 9' and 'item 12 of 90' are alike: scripts put numbers into their texts.
    private static ulong OfText(ReadOnlySpan<byte> text)
    {
        ulong hash = 3;
        for (var digit = text.IndexOfAnyInRange((byte)'0', (byte)'9'); digit >= 0; digit = text.IndexOfAnyInRange((byte)'0', (byte)'9'))
        {
            hash = Add(Add(hash, text[..digit]), "0"u8);
            text = text[digit..];
            var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            text = end < 0 ? default : text[end..];
        }

        return Finish(Add(hash, text));
    }

    private static ulong Add(ulong hash, ReadOnlySpan<byte> text)
    {
        for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
        {
            hash = Add(hash, BinaryPrimitives.ReadUInt64LittleEndian(text));
        }

        foreach (var b in text)
        {
            hash = Add(hash, b);
        }

        return hash;
    }

    private static ulong Add(ulong hash, ulong word)
    {
        var product = (BitOperations.RotateLeft(hash, 23) ^ word) * Multiplier;
        return product ^ (product >> 32);
    }

    // 0 is no kind.
    private static ulong Finish(ulong hash) => hash == 0 ? 1 : hash;
}
