namespace QueueLog.Reading.Foreign;

/// <summary>What a value of another program's entry stands for.</summary>
internal enum ForeignField : byte
{
    Property,
    Time,

    /// <summary>A day, where the time says the hour alone.</summary>
    Date,
    Level,

    /// <summary>A level by its name: a number or another word is something else.</summary>
    LevelName,

    /// <summary>A number of syslog's, perhaps with the facility.</summary>
    SyslogLevel,

    /// <summary>A number of Python's.</summary>
    PythonLevel,

    /// <summary>A number of OpenTelemetry's.</summary>
    OpenTelemetryLevel,
    Message,
    Template,
    Logger,
    Process,
    Pid,
    Caller,

    /// <summary>A text of type, message and stack, or an object of them.</summary>
    Exception,
    ExceptionType,
    ExceptionMessage,
    Stack,

    /// <summary>An object whose members count as the entry's own.</summary>
    Members,
}
