namespace QueueLog.Formatting;

/// <summary>What a token of a template stands for.</summary>
internal enum TemplateField
{
    Literal,
    Timestamp,
    UtcTimestamp,
    Level,
    Message,
    Process,
    Pid,
    Worker,
    Item,
    Attempt,
    Category,
    Sequence,
    Caller,
    Host,
    Exception,
    Properties,
    Template,
    NewLine,

    /// <summary>A property of the record, by name.</summary>
    Property,
}
