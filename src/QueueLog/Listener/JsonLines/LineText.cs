namespace QueueLog.Listener.JsonLines;

/// <summary>The texts of a record.</summary>
internal enum LineText
{
    Message,
    Template,
    Category,
    Process,
    Worker,
    Caller,
    ExceptionType,
    ExceptionMessage,

    /// <summary>Until the exception is taken apart: all of its text.</summary>
    StackTrace,
}
