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
}
