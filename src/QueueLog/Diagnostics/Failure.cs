namespace QueueLog.Diagnostics;

/// <summary>One trouble QueueLog itself had.</summary>
/// <param name="Time">When.</param>
/// <param name="Source">Which part of QueueLog, e.g. the path of a log file.</param>
/// <param name="Severity">What it means for what was to be logged.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Exception">The cause, if there is one.</param>
public sealed record Failure(DateTimeOffset Time, string Source, FailureSeverity Severity, string Message, Exception? Exception);
