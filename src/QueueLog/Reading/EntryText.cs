using System.Globalization;
using System.Text;
using QueueLog.Formatting;
using QueueLog.Records;

namespace QueueLog.Reading;

/// <summary>How an entry is shown: as a line of the default template, with its further lines and its stack indented.</summary>
internal static class EntryText
{
    private const string Indentation = "\n    ";
    private const string StackIndentation = "\n        ";

    public static string Of(LogEntry entry, bool colour)
    {
        var text = new StringBuilder();
        var sequence = colour ? Encoding.UTF8.GetString(AnsiColours.For(entry.Level ?? LogLevel.Information)) : "";
        text.Append(sequence);
        if (entry.IsRaw)
        {
            AppendLines(text, entry.Message, Indentation);
        }
        else
        {
            AppendHead(text, entry);
            AppendLines(text, entry.Message, Indentation);
            AppendException(text, entry.Exception);
        }

        return (sequence.Length > 0 ? text.Append(Encoding.UTF8.GetString(AnsiColours.Reset)) : text).ToString();
    }

    private static void AppendHead(StringBuilder text, LogEntry entry)
    {
        if (entry.Timestamp is { } time)
        {
            text.Append(CultureInfo.InvariantCulture, $"{time.ToString(TimestampText.DefaultFormat, CultureInfo.InvariantCulture)} ");
        }

        if (entry.Process is { } process)
        {
            text.Append(CultureInfo.InvariantCulture, $"{PrintableText.Of(process),-10} ");
        }

        if (entry.Level is { } level)
        {
            text.Append(CultureInfo.InvariantCulture, $"{level,-11} ");
        }
    }

    private static void AppendException(StringBuilder text, ExceptionInfo? exception)
    {
        if (exception is null)
        {
            return;
        }

        text.Append(Indentation);
        AppendLines(text, exception.Type.Length > 0 && exception.Message.Length > 0 ? $"{exception.Type}: {exception.Message}" : exception.Type + exception.Message, Indentation);
        if (!string.IsNullOrEmpty(exception.StackTrace))
        {
            text.Append(StackIndentation);
            AppendLines(text, exception.StackTrace, StackIndentation);
        }
    }

    private static void AppendLines(StringBuilder text, string value, string lineBreak) =>
        text.Append(PrintableText.Of(value.ReplaceLineEndings("\n").TrimEnd('\n')).Replace("\n", lineBreak, StringComparison.Ordinal));
}
