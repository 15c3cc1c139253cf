using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using QueueLog.Wire;

namespace QueueLog.Reading.Foreign;

/// <summary>Finds in the bytes of a line what was found in its text.</summary>
internal readonly ref struct LineBytes(ReadOnlySpan<byte> bytes, string text)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    // Bytes that are no text have no certain place among the characters.
    private readonly bool isNarrow = bytes.Length == text.Length && Ascii.IsValid(bytes);
    private readonly bool isValid = Utf8.IsValid(bytes);

    public ReadOnlySpan<byte> Of(Capture captured, ByteWriter unfolded)
    {
        if (isNarrow)
        {
            return bytes.Slice(captured.Index, captured.Length);
        }

        if (isValid)
        {
            var start = Encoding.UTF8.GetByteCount(text.AsSpan(0, captured.Index));
            return bytes.Slice(start, Encoding.UTF8.GetByteCount(captured.ValueSpan));
        }

        var from = unfolded.Length;
        unfolded.WriteUtf8(captured.ValueSpan);
        return unfolded.Written[from..];
    }
}
