using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Takes <c>type: message</c> and the stack below it apart.</summary>
internal static class ExceptionSplitter
{
    /// <summary>By the type and the message, where these are known.</summary>
    public static void Split(ReadOnlySpan<byte> text, ReadOnlySpan<byte> type, ReadOnlySpan<byte> message, ref RecordView record)
    {
        var head = type.Length + 2 + message.Length;
        record.HasException = true;
        record.ExceptionType = type;
        record.ExceptionMessage = message;
        record.ExceptionStackTrace = text.Length > head && text[head] == '\n' ? text[(head + 1)..] : default;
    }

    /// <summary>By its look: a type is one word up to a colon, the message ends with its line.</summary>
    public static void Split(ReadOnlySpan<byte> text, ref RecordView record)
    {
        var end = text.IndexOf((byte)'\n');
        var head = end < 0 ? text : text[..end];
        record.HasException = true;
        record.ExceptionStackTrace = end < 0 ? default : text[(end + 1)..];
        var type = TypeLength(head);
        record.ExceptionType = head[..type];
        record.ExceptionMessage = type == head.Length ? default : head[(type == 0 ? 0 : type + 2)..];
    }

    /// <summary>How long the name of a type at the beginning of a line is, up to a colon and a blank or the line's end; 0 without one.</summary>
    public static int TypeLength(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)':');
        end = end < 0 ? line.Length : end;
        return end > 0 && IsTypeName(line[..end]) && (end == line.Length || (end + 1 < line.Length && line[end + 1] == ' ')) ? end : 0;
    }

    private static bool IsTypeName(ReadOnlySpan<byte> name)
    {
        if (name[0] is >= (byte)'0' and <= (byte)'9' or (byte)'.' || name[^1] == '.')
        {
            return false;
        }

        foreach (var c in name)
        {
            var isPart = c is >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'0' and <= (byte)'9'
                or (byte)'.' or (byte)'_' or (byte)'+' or (byte)'`' or >= 0x80;
            if (!isPart)
            {
                return false;
            }
        }

        return true;
    }
}
