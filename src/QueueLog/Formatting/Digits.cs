using System.Buffers.Binary;

namespace QueueLog.Formatting;

/// <summary>Writes small numbers four digits at a time.</summary>
internal static class Digits
{
    // All pairs of digits, in order.
    private static ReadOnlySpan<byte> Pairs =>
        """
        00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """u8;

    /// <summary>Writes a number below 10,000 without leading zeros.</summary>
    /// <param name="number">The number.</param>
    /// <param name="target">Where to; what lies behind the number there, of four bytes in all, is overwritten.</param>
    /// <returns>How many digits it has.</returns>
    public static int Write(uint number, Span<byte> target)
    {
        var zeros = number < 100 ? (number < 10 ? 3 : 2) : (number < 1000 ? 1 : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(target, Four(number) >> (8 * zeros));
        return 4 - zeros;
    }

    /// <summary>Writes a number below 10,000 with leading zeros.</summary>
    public static void WriteFour(uint number, Span<byte> target) => BinaryPrimitives.WriteUInt32LittleEndian(target, Four(number));

    // The first digit in the lowest byte.
    private static uint Four(uint number) => Pair(number / 100) | (uint)Pair(number % 100) << 16;

    private static ushort Pair(uint number) => BinaryPrimitives.ReadUInt16LittleEndian(Pairs[(int)(2 * number)..]);
}
