using System.Buffers.Binary;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Makes a broken input of a valid one, as a faulty peer, a torn write or malice would.</summary>
internal static class Mutator
{
    private const int MostChanges = 4;
    private const int MostBytes = 64;

    // Where lengths, counts and varints turn over, and the limits of the protocol.
    private static readonly int[] ExtremeNumbers =
    [
        0, 1, -1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, int.MaxValue, int.MaxValue - 4, int.MinValue,
        16 * 1024, 16 * 1024 + 1, 1024 * 1024, 64 * 1024 * 1024, 64 * 1024 * 1024 + 1, (64 * 1024 * 1024) + (64 * 1024),
    ];

    private static readonly byte[][] ExtremeVarInts =
    [
        [0x00], [0x7F], [0x80, 0x01], [0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0xFF, 0xFF, 0xFF, 0xFF, 0x08],
        [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0x80, 0x80, 0x80, 0x80, 0x80, 0x01], [0x80, 0x80, 0x00],
    ];

    private static readonly byte[] ExtremeBytes = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];

    /// <param name="random">Decides what is changed and how often.</param>
    /// <param name="bytes">The valid input.</param>
    /// <param name="other">Another valid input, to be spliced in.</param>
    public static byte[] Mutate(Random random, byte[] bytes, byte[] other)
    {
        for (var changes = random.Next(MostChanges) + 1; changes > 0; changes--)
        {
            bytes = Change(random, bytes, other);
        }

        return bytes;
    }

    private static byte[] Change(Random random, byte[] bytes, byte[] other)
    {
        var at = random.Next(bytes.Length + 1);
        var count = random.Next(Math.Min(MostBytes, bytes.Length - at) + 1);
        switch (random.Next(11))
        {
            case 0:
                return Set(bytes, at, value => (byte)(value ^ (1 << random.Next(8))));
            case 1:
                return Set(bytes, at, _ => (byte)random.Next(256));
            case 2:
                return Set(bytes, at, _ => ExtremeBytes[random.Next(ExtremeBytes.Length)]);
            case 3:
                return Set(bytes, at, value => (byte)(value + random.Next(-2, 3)));
            case 4:
                return bytes[..at];
            case 5:
                return [.. bytes[..at], .. bytes[(at + count)..]];
            case 6:
                return [.. bytes[..(at + count)], .. bytes[at..]];
            case 7:
                var inserted = new byte[random.Next(MostBytes)];
                random.NextBytes(inserted);
                return [.. bytes[..at], .. inserted, .. bytes[at..]];
            case 8:
                return OverwriteNumber(random, bytes, at);
            case 9:
                var number = ExtremeVarInts[random.Next(ExtremeVarInts.Length)];
                return [.. bytes[..at], .. number, .. bytes[Math.Min(at + (random.Next(2) * number.Length), bytes.Length)..]];
            default:
                return [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
        }
    }

    private static byte[] Set(byte[] bytes, int at, Func<byte, byte> change)
    {
        if (at < bytes.Length)
        {
            bytes[at] = change(bytes[at]);
        }

        return bytes;
    }

    // Four bytes anywhere, or where many messages have their length; an extreme, or one beside what is there.
    private static byte[] OverwriteNumber(Random random, byte[] bytes, int at)
    {
        at = random.Next(3) == 0 ? 0 : at;
        if (bytes.Length - at >= sizeof(int))
        {
            var field = bytes.AsSpan(at);
            BinaryPrimitives.WriteInt32LittleEndian(field, random.Next(3) switch
            {
                0 => unchecked(BinaryPrimitives.ReadInt32LittleEndian(field) + random.Next(-5, 6)),
                1 => field.Length + random.Next(-8, 9),
                _ => ExtremeNumbers[random.Next(ExtremeNumbers.Length)],
            });
        }

        return bytes;
    }
}
