using System.Buffers;
using System.Text;

namespace QueueLog.Formatting;

/// <summary>Values whose text says of which kind they are, and the texts that could be taken for one.</summary>
internal static class TypedText
{
    private static readonly SearchValues<byte> NumberStart = SearchValues.Create("0123456789+-."u8);

    /// <summary>Writes a double so that it is no integer: with a point or an exponent.</summary>
    public static void AppendDouble(ref EntryWriter entry, double value)
    {
        if (!double.IsFinite(value))
        {
            entry.Append(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
            return;
        }

        var start = entry.Length;
        entry.AppendValue(value, default);
        if (!entry.Contains(start, (byte)'.', (byte)'E'))
        {
            entry.Append(".0"u8);
        }
    }

    /// <summary>Whether it is the text of a double that is no number.</summary>
    public static bool IsNotFinite(ReadOnlySpan<byte> text) =>
        text.Length is 3 or 8 or 9 && (text.SequenceEqual("NaN"u8) || text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8));

    /// <summary>Whether it could be taken for the text of a timestamp: true of some others too.</summary>
    public static bool MayBeTimestamp(ReadOnlySpan<byte> text) =>
        text.Length == RoundTripTime.Length && text[0] is >= (byte)'0' and <= (byte)'9' && text[10] == (byte)'T';

    /// <summary>Whether it could be taken for a value that is no text, where that stands without quotes: true of some others too.</summary>
    public static bool MayBeValue(ReadOnlySpan<byte> text) =>
        text.IsEmpty
        || NumberStart.Contains(text[0])
        || (text.Length <= 8
            && (Ascii.EqualsIgnoreCase(text, "true"u8) || Ascii.EqualsIgnoreCase(text, "false"u8) || Ascii.EqualsIgnoreCase(text, "null"u8)
                || Ascii.EqualsIgnoreCase(text, "nan"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8)));
}
