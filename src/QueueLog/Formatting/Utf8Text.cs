using System.Buffers;
using System.Text;

namespace QueueLog.Formatting;

/// <summary>Parts bytes that are to be a text into those that are UTF-8 and those that are not.</summary>
internal static class Utf8Text
{
    /// <summary>U+FFFD, which stands in a log for what is no UTF-8.</summary>
    public static ReadOnlySpan<byte> Replacement => [0xEF, 0xBF, 0xBD];

    /// <summary>Takes the first bytes that are no UTF-8 off a text, and what is before them.</summary>
    /// <param name="text">What is left; all of it is UTF-8 when there are none.</param>
    /// <param name="valid">What was before them.</param>
    /// <returns>Whether there are such bytes: each time one <see cref="Replacement"/>.</returns>
    public static bool TryReadInvalid(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> valid)
    {
        var position = 0;
        while (position < text.Length)
        {
            var isValid = Rune.DecodeFromUtf8(text[position..], out _, out var length) == OperationStatus.Done;
            if (!isValid)
            {
                valid = text[..position];
                text = text[(position + length)..];
                return true;
            }

            position += length;
        }

        valid = default;
        return false;
    }
}
