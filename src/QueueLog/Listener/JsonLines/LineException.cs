using System.Text;
using System.Text.Json;

namespace QueueLog.Listener.JsonLines;

/// <summary>The exception of a line: an object that says which part is which, or one text.</summary>
internal static class LineException
{
    private static ReadOnlySpan<byte> Traceback => "Traceback (most recent call last):"u8;

    /// <summary>Takes the value the reader stands at.</summary>
    /// <returns>False when it is neither text nor object.</returns>
    public static bool TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, LineRecord record)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                SetText(ref reader, line, record, LineText.StackTrace);
                return true;
            case JsonTokenType.StartObject:
                ReadObject(ref reader, line, record);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes the text apart, if nothing else said what its parts are. Called when the line is read.</summary>
    public static void Complete(LineRecord record)
    {
        var hasParts = record.Has(LineText.ExceptionType) || record.Has(LineText.ExceptionMessage);
        if (!record.Has(LineText.StackTrace))
        {
            if (hasParts && !record.Has(LineText.ExceptionMessage))
            {
                record.Set(LineText.ExceptionMessage, default);
            }

            return;
        }

        var text = record.Get(LineText.StackTrace);
        if (hasParts)
        {
            record.SetPart(LineText.StackTrace, LineText.StackTrace, HeadOf(text, record.Get(LineText.ExceptionType), record.Get(LineText.ExceptionMessage))..);
            if (!record.Has(LineText.ExceptionMessage))
            {
                record.Set(LineText.ExceptionMessage, default);
            }

            return;
        }

        // What the exception is stands in the first line, and with Python in the last.
        var head = FirstLine(text);
        var stack = Math.Min(head + 1, text.Length)..;
        var start = 0;
        if (text.StartsWith(Traceback))
        {
            text = text.TrimEnd("\r\n"u8);
            start = text.LastIndexOf((byte)'\n') + 1;
            stack = ..Math.Max(0, start - 1);
            head = text.Length - start;
        }

        var type = TypeLength(text.Slice(start, head));
        record.SetPart(LineText.ExceptionType, LineText.StackTrace, start..(start + type));
        record.SetPart(LineText.ExceptionMessage, LineText.StackTrace, (start + (type == 0 ? 0 : type + 2))..(start + head));
        record.SetPart(LineText.StackTrace, LineText.StackTrace, stack);
    }

    private static void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, LineRecord record)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            LineText? part = name.SequenceEqual("type"u8) ? LineText.ExceptionType
                : name.SequenceEqual("message"u8) ? LineText.ExceptionMessage
                : name.SequenceEqual("stackTrace"u8) || name.SequenceEqual("stack"u8) ? LineText.StackTrace
                : null;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null && part is not null)
            {
                continue;
            }

            if (part is { } text && !record.Has(text))
            {
                SetText(ref reader, line, record, text);
            }
            else
            {
                byte[] full = [.. "exception."u8, .. name];
                record.Properties.Add(full, ref reader, line, isCompact: false);
            }
        }

        if (!record.Has(LineText.ExceptionType) && !record.Has(LineText.ExceptionMessage) && !record.Has(LineText.StackTrace))
        {
            return;
        }

        // An object has said which part is which, even where it left one out.
        foreach (var text in (ReadOnlySpan<LineText>)[LineText.ExceptionType, LineText.ExceptionMessage])
        {
            if (!record.Has(text))
            {
                record.Set(text, default);
            }
        }
    }

    private static void SetText(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, LineRecord record, LineText text)
    {
        var start = record.Texts.Length;
        JsonText.Append(record.Texts, ref reader, line);
        record.SetFrom(text, start);
    }

    /// <returns>Where the stack begins in a text that may begin with type and message.</returns>
    private static int HeadOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> type, ReadOnlySpan<byte> message)
    {
        byte[] head = [.. type, .. ": "u8, .. message];
        if (!text.StartsWith(head))
        {
            // As JavaScript writes an error without a message, say.
            head = [.. type, .. message];
        }

        return !text.StartsWith(head) ? 0
            : text.Length == head.Length ? text.Length
            : text[head.Length] == '\n' ? head.Length + 1
            : 0;
    }

    private static int FirstLine(ReadOnlySpan<byte> text) => text.IndexOf((byte)'\n') is >= 0 and var end ? end : text.Length;

    /// <returns>How much of <c>type: message</c> is the type; 0 when it does not look like that.</returns>
    private static int TypeLength(ReadOnlySpan<byte> head)
    {
        var length = head.IndexOf(": "u8);
        if (length <= 0 || !Ascii.IsValid(head[..length]))
        {
            return 0;
        }

        foreach (var c in head[..length])
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'.' or (byte)'_' or (byte)'+' or (byte)'`' or (byte)'$' or (byte)':'))
            {
                return 0;
            }
        }

        return length;
    }
}
