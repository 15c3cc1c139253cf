using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Writes a record's exception: type and message, and below them the stack trace, further in.</summary>
internal static class ExceptionText
{
    /// <summary>As a token: starts where the entry stands.</summary>
    public static void Append(ref EntryWriter entry, scoped in RecordView record)
    {
        if (!record.HasException)
        {
            return;
        }

        entry.AppendText(record.ExceptionType);
        if (!record.ExceptionType.IsEmpty && !record.ExceptionMessage.IsEmpty)
        {
            entry.Append(": "u8);
        }

        entry.AppendText(SafeText.TrimEndBreaks(record.ExceptionMessage));
        var stack = SafeText.TrimEndBreaks(record.ExceptionStackTrace);
        if (!stack.IsEmpty)
        {
            entry.AppendByte((byte)'\n');
            entry.AppendSpaces(entry.Indentation + SafeText.Indentation);
            entry.AppendText(stack, entry.Indentation + SafeText.Indentation);
        }
    }

    /// <summary>As lines of their own below the entry, for templates that do not say where exceptions go.</summary>
    public static void AppendBelow(ref EntryWriter entry, scoped in RecordView record)
    {
        if (!entry.EndsLine)
        {
            entry.AppendByte((byte)'\n');
        }

        entry.AppendSpaces(entry.Indentation);
        Append(ref entry, in record);
    }
}
