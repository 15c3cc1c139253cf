using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Pool.JobLog;

/// <summary>Hashes inputs so that the same input has the same hash in every process.</summary>
internal static class InputHasher
{
    /// <summary>Hashes an input as it is encoded for its way to a worker.</summary>
    public static InputHash Of(ReadOnlySpan<byte> payload) =>
        ValueCodec.IsGraph(payload) ? Hash(CanonicalGraph.Of(payload))
        : !payload.IsEmpty && payload[0] == (byte)ValueKind.Clixml ? Hash(Encoding.UTF8.GetBytes(CanonicalClixml.Of(Encoding.UTF8.GetString(payload[1..]))))
        : Hash(payload);

    private static InputHash Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new InputHash(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}

/// <summary>SHA-256 of an input: what tells it from others, in this run and in the next.</summary>
internal readonly record struct InputHash(UInt128 High, UInt128 Low)
{
    public const int TextLength = 64;

    public static InputHash? Parse(ReadOnlySpan<char> text) =>
        text.Length == TextLength
        && UInt128.TryParse(text[..32], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
        && UInt128.TryParse(text[32..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
            ? new InputHash(high, low)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x32}{Low:x32}");
}
