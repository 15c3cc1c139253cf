using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QueueLog.Formatting;

/// <summary>Copies texts that need no escape in any format: of printable ASCII, without quotation marks and backslashes. That is most of them.</summary>
// Looked at while it is copied, since most texts are so short that the way into a search costs more than the search.
internal static class PlainText
{
    /// <summary>Copies a text, if it is such a one; else what was written to the target means nothing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="target">Where to; as long as the text at least.</param>
    public static bool TryCopy(ReadOnlySpan<byte> text, Span<byte> target)
    {
        target = target[..text.Length];
        if (text.Length < Vector128<byte>.Count)
        {
            return TryCopyShort(text, target);
        }

        ref var from = ref MemoryMarshal.GetReference(text);
        ref var to = ref MemoryMarshal.GetReference(target);
        var last = text.Length - Vector128<byte>.Count;
        for (var i = 0; i < last; i += Vector128<byte>.Count)
        {
            var part = Vector128.LoadUnsafe(ref from, (nuint)i);
            if (!IsPlain(part))
            {
                return false;
            }

            part.StoreUnsafe(ref to, (nuint)i);
        }

        // The last reaches back into what was copied before it.
        var end = Vector128.LoadUnsafe(ref from, (nuint)last);
        end.StoreUnsafe(ref to, (nuint)last);
        return IsPlain(end);
    }

    // Two parts that overlap where the length is no power of two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCopyShort(ReadOnlySpan<byte> text, Span<byte> target)
    {
        if (text.Length >= sizeof(ulong))
        {
            var (start, end) = (BinaryPrimitives.ReadUInt64LittleEndian(text), BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]));
            BinaryPrimitives.WriteUInt64LittleEndian(target, start);
            BinaryPrimitives.WriteUInt64LittleEndian(target[^sizeof(ulong)..], end);
            return IsPlain(Vector128.Create(start, end).AsByte());
        }

        if (text.Length >= sizeof(uint))
        {
            var (start, end) = (BinaryPrimitives.ReadUInt32LittleEndian(text), BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..]));
            BinaryPrimitives.WriteUInt32LittleEndian(target, start);
            BinaryPrimitives.WriteUInt32LittleEndian(target[^sizeof(uint)..], end);
            return IsPlain(Vector128.Create(start | (ulong)end << 32).AsByte());
        }

        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i];
            if (value is < (byte)' ' or > (byte)'~' or (byte)'"' or (byte)'\\')
            {
                return false;
            }

            target[i] = value;
        }

        return true;
    }

    private static bool IsPlain(Vector128<byte> bytes)
    {
        // What lies before the blank comes out behind all others.
        var outside = Vector128.GreaterThan(bytes - Vector128.Create((byte)' '), Vector128.Create((byte)('~' - ' ')));
        var special = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
        return (outside | special) == Vector128<byte>.Zero;
    }
}
