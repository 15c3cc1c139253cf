namespace QueueLog.Formatting;

/// <summary>What a token of a template stands for.</summary>
internal enum TemplateField
{
    Literal,
    Timestamp,
    Level,
    Message,
    Process,
    Pid,
    Worker,
    Item,
    Category,
    Sequence,
    Host,
    Exception,
    Properties,
    Template,
    NewLine,

    /// <summary>A property of the record, by name.</summary>
    Property,
}
