using QueueLog.Formatting;

namespace QueueLog.Reading.Formats;

/// <summary>The names in an entry of Json.</summary>
internal static class JsonNames
{
    public static JsonField FieldOf(ReadOnlySpan<byte> name) => name switch
    {
        [(byte)'@', (byte)'t'] => JsonField.Timestamp,
        [(byte)'@', (byte)'m'] => JsonField.Message,
        [(byte)'@', (byte)'l'] => JsonField.Level,
        [(byte)'@', (byte)'x'] => JsonField.Exception,
        [(byte)'@', (byte)'r'] => JsonField.Renderings,
        [(byte)'@', (byte)'m', (byte)'t'] => JsonField.Template,
        [(byte)'M', ..] => name.SequenceEqual("MessageTemplate"u8) ? JsonField.OtherTemplate : JsonField.Property,
        [(byte)'P', ..] => name.SequenceEqual("Process"u8) ? JsonField.Process : name.SequenceEqual("Pid"u8) ? JsonField.Pid : JsonField.Property,
        [(byte)'W', ..] => name.SequenceEqual("Worker"u8) ? JsonField.Worker : JsonField.Property,
        [(byte)'I', ..] => name.SequenceEqual("Item"u8) ? JsonField.Item : JsonField.Property,
        [(byte)'A', ..] => name.SequenceEqual("Attempt"u8) ? JsonField.Attempt : JsonField.Property,
        [(byte)'S', ..] => name.SequenceEqual("SourceContext"u8) ? JsonField.Category
            : name.SequenceEqual("Sequence"u8) ? JsonField.Sequence : JsonField.Property,
        [(byte)'C', ..] => name.SequenceEqual("Caller"u8) ? JsonField.Caller : JsonField.Property,
        [(byte)'E', ..] => name.SequenceEqual("ExceptionType"u8) ? JsonField.ExceptionType
            : name.SequenceEqual("ExceptionMessage"u8) ? JsonField.ExceptionMessage : JsonField.Property,
        _ => JsonField.Property,
    };

    /// <summary>A property's own name: without what keeps it apart from the fields.</summary>
    public static ReadOnlySpan<byte> PropertyName(ReadOnlySpan<byte> name) => name switch
    {
        [(byte)'@', (byte)'@', ..] => name[1..],
        [(byte)'@', ..] when TraceIds.PropertyOf(name) is { IsEmpty: false } trace => trace,
        [(byte)'_', ..] when JsonFormatter.Reserved.Holds(name) => name[1..],
        _ => name,
    };
}

/// <summary>What a name in an entry of Json stands for.</summary>
internal enum JsonField
{
    Timestamp,
    Message,
    Template,
    OtherTemplate,
    Renderings,
    Level,
    Exception,

    // From here on a member may fill a hole of the template.
    Property,
    Process,
    Pid,
    Worker,
    Item,
    Attempt,
    Category,
    Sequence,
    Caller,
    ExceptionType,
    ExceptionMessage,
}
