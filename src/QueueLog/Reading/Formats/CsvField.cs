namespace QueueLog.Reading.Formats;

/// <summary>What a column of Csv holds, by its heading.</summary>
internal enum CsvField
{
    /// <summary>A column of another program's.</summary>
    Other,
    Timestamp,
    Level,
    Process,
    Pid,
    Worker,
    Item,
    Attempt,
    Category,
    Sequence,
    Caller,
    Message,
    Template,
    ExceptionType,
    ExceptionMessage,
    StackTrace,
    Properties,
}
