namespace QueueLog.Listener.JsonLines;

/// <summary>What a member of a line's object is to its record.</summary>
internal enum LineField
{
    /// <summary>A property.</summary>
    None,
    Level,
    Message,
    Template,

    /// <summary>A template that readers of the compact format would make another message of.</summary>
    OtherTemplate,

    /// <summary>What holes are filled with, in the compact format: the message has it already.</summary>
    Renderings,
    Arguments,
    Properties,
    Category,
    Process,
    Pid,
    Worker,
    Item,
    Attempt,
    Timestamp,

    /// <summary>A timestamp if it reads as one of today: the name is used for other things, too.</summary>
    Time,
    Exception,
    ExceptionType,
    ExceptionMessage,
    Caller,
    Flush,
}
