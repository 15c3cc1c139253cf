namespace QueueLog.Diagnostics;

/// <summary>One trouble QueueLog itself had, as often as it had it.</summary>
/// <param name="Time">When, the last time.</param>
/// <param name="Source">Which part of QueueLog, e.g. the path of a log file.</param>
/// <param name="Severity">What it means for what was to be logged.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Exception">The cause, if there is one; of the last time.</param>
public sealed record Failure(DateTimeOffset Time, string Source, FailureSeverity Severity, string Message, Exception? Exception)
{
    /// <summary>When, the first time.</summary>
    public DateTimeOffset FirstTime { get; init; } = Time;

    /// <summary>How often.</summary>
    public long Count { get; init; } = 1;
}

/// <summary>What a failure means for what was to be logged.</summary>
public enum FailureSeverity
{
    /// <summary>Nothing is lost; it is tried again.</summary>
    Temporary,

    /// <summary>What was being done is lost; the next may succeed.</summary>
    Permanent,

    /// <summary>The part that failed has come to its end.</summary>
    Final,
}
