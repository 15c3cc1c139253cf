using System.Buffers.Text;
using System.Collections;
using System.Globalization;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>The text of a value in a log: the same on every machine, and never an exception.</summary>
internal static class ValueText
{
    private const int LongestFormatted = 256;

    /// <summary>Appends the text of a value, padded to a least width: on the right for a negative alignment.</summary>
    public static void Append(ByteWriter output, object? value, string? format, int alignment)
    {
        if (alignment == 0 && TryAppendUtf8(output, value, format))
        {
            return;
        }

        var text = Of(value, format);
        var padding = Math.Abs(alignment) - text.Length;
        if (padding > 0)
        {
            text = alignment > 0 ? text.PadLeft(alignment) : text.PadRight(-alignment);
        }

        output.WriteUtf8(text);
    }

    /// <summary>The same for a whole number.</summary>
    public static void Append(ByteWriter output, long number, string? format, int alignment)
    {
        if (format is not null || alignment != 0 || !TryAppendUtf8(output, number))
        {
            Append(output, (object)number, format, alignment);
        }
    }

    public static string Of(object? value, string? format = null)
    {
        try
        {
            return value switch
            {
                null => "",
                string text => text,
                bool truth => truth ? "true" : "false",
                DateTime moment when format is null => moment.ToString("O", CultureInfo.InvariantCulture),
                DateTimeOffset moment when format is null => moment.ToString("O", CultureInfo.InvariantCulture),
                DateOnly date when format is null => date.ToString("O", CultureInfo.InvariantCulture),
                TimeOnly time when format is null => time.ToString("O", CultureInfo.InvariantCulture),
                IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
                ICollection or LogProperties => CollectionText.Of(value),
                _ => value.ToString() ?? "",
            };
        }
#pragma warning disable CA1031 // any exception: the value's own code runs here, and logging never takes its caller down
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"({value!.GetType().Name} has no text: {e.GetType().Name})";
        }
    }

    // The types whose own code is known not to throw and needs no string in between.
    private static bool TryAppendUtf8(ByteWriter output, object? value, string? format)
    {
        switch (value)
        {
            case string text:
                output.WriteUtf8(text);
                return true;
            case int number when format is null:
                return TryAppendUtf8(output, number);
            case long number when format is null:
                return TryAppendUtf8(output, number);
            case int or long or double or Guid or TimeSpan when format is null || value is int or long:
                try
                {
                    if (!((IUtf8SpanFormattable)value).TryFormat(output.Room(LongestFormatted), out var written, format, CultureInfo.InvariantCulture))
                    {
                        return false;
                    }

                    output.Advance(written);
                    return true;
                }
                catch (FormatException)
                {
                    return false;
                }

            default:
                return false;
        }
    }

    private static bool TryAppendUtf8(ByteWriter output, long number)
    {
        // Longer than any number.
        var isWritten = Utf8Formatter.TryFormat(number, output.Room(32), out var written);
        output.Advance(written);
        return isWritten;
    }
}
