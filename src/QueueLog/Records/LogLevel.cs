namespace QueueLog.Records;

/// <summary>How much a record matters, in ascending order: the levels of Microsoft.Extensions.Logging.</summary>
public enum LogLevel : byte
{
    /// <summary>The finest detail, off nearly everywhere.</summary>
    Trace,

    /// <summary>Detail for finding a fault.</summary>
    Debug,

    /// <summary>The normal course of the work; the default.</summary>
    Information,

    /// <summary>Something unexpected that the work survived.</summary>
    Warning,

    /// <summary>One operation failed.</summary>
    Error,

    /// <summary>The whole job is in danger.</summary>
    Critical,
}
