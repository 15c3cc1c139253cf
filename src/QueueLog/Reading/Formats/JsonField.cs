namespace QueueLog.Reading.Formats;

/// <summary>What a name in an entry of Json stands for.</summary>
internal enum JsonField
{
    Property,
    Timestamp,
    Message,
    Template,
    Level,
    Exception,
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
