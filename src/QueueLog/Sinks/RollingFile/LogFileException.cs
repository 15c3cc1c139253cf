namespace QueueLog.Sinks.RollingFile;

/// <summary>A log file that cannot be written.</summary>
public class LogFileException : IOException
{
    internal LogFileException(string path, LogFileFault reason, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it.</summary>
    public LogFileFault Reason { get; }

    internal static LogFileException Of(string path, Exception exception)
    {
        var (fault, message) = exception switch
        {
            UnauthorizedAccessException => (LogFileFault.AccessDenied, $"'{path}' may not be written: {exception.Message}"),
            NotSupportedException => (LogFileFault.NotAFile, $"'{path}' is no file that can be appended to."),
            _ => (LogFileFault.Other, $"'{path}' cannot be written: {exception.Message}"),
        };
        return new LogFileException(path, fault, message, exception);
    }
}

/// <summary>Why a log file cannot be used.</summary>
public enum LogFileFault
{
    /// <summary>The path names a folder.</summary>
    IsFolder,

    /// <summary>The path names something that is no file, such as a terminal or a pipe.</summary>
    NotAFile,

    /// <summary>The current user may not write there.</summary>
    AccessDenied,

    /// <summary>Its folder does not exist and cannot be created.</summary>
    NoFolder,

    /// <summary>Another listener writes it.</summary>
    InUse,

    /// <summary>Anything else; the inner exception says what.</summary>
    Other,
}
