using System.Text;
using QueueLog.Formatting;

namespace QueueLog.Listener.JsonLines;

/// <summary>The names of fields: those of plain lines, and those of the compact log event format (CLEF). Case counts.</summary>
internal static class LineFields
{
    private const int Longest = 16;

    public static LineField Of(ReadOnlySpan<byte> name, bool isCompact)
    {
        Span<char> chars = stackalloc char[Longest];
        if (name.Length > Longest || Ascii.ToUtf16(name, chars, out var length) != System.Buffers.OperationStatus.Done)
        {
            return LineField.None;
        }

        ReadOnlySpan<char> text = chars[..length];
        return isCompact ? OfCompact(text) : OfPlain(text);
    }

    /// <summary>The name of a property, which a compact line may have made another so that it is no field.</summary>
    public static ReadOnlySpan<byte> PropertyOf(ReadOnlySpan<byte> name, bool isCompact)
    {
        if (isCompact && name.StartsWith("@@"u8))
        {
            return name[1..];
        }

        if (isCompact && TraceIds.PropertyOf(name) is { IsEmpty: false } trace)
        {
            return trace;
        }

        return isCompact && name is [(byte)'_', ..] && JsonFormatter.Reserved.Holds(name) ? name[1..] : name;
    }

    private static LineField OfPlain(ReadOnlySpan<char> name) => name switch
    {
        "level" => LineField.Level,
        "message" or "msg" => LineField.Message,
        "template" => LineField.Template,
        "arguments" => LineField.Arguments,
        "properties" => LineField.Properties,
        "category" or "logger" => LineField.Category,
        "process" => LineField.Process,
        "pid" => LineField.Pid,
        "worker" => LineField.Worker,
        "item" => LineField.Item,
        "attempt" => LineField.Attempt,
        "timestamp" => LineField.Timestamp,
        "time" => LineField.Time,
        "exception" => LineField.Exception,
        "caller" => LineField.Caller,
        "flush" => LineField.Flush,
        _ => LineField.None,
    };

    private static LineField OfCompact(ReadOnlySpan<char> name) => name switch
    {
        "@t" => LineField.Timestamp,
        "@m" => LineField.Message,
        "@mt" => LineField.Template,
        CompactTemplate.OtherName => LineField.OtherTemplate,
        "@r" => LineField.Renderings,
        "@l" => LineField.Level,
        "@x" => LineField.Exception,
        "ExceptionType" => LineField.ExceptionType,
        "ExceptionMessage" => LineField.ExceptionMessage,
        "SourceContext" => LineField.Category,
        "Process" => LineField.Process,
        "Pid" => LineField.Pid,
        "Worker" => LineField.Worker,
        "Item" => LineField.Item,
        "Attempt" => LineField.Attempt,
        "Caller" => LineField.Caller,
        _ => LineField.None,
    };
}
