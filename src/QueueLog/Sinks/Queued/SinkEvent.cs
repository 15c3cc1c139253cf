namespace QueueLog.Sinks.Queued;

/// <summary>What the log is to be told of a sink.</summary>
/// <param name="LeftOut">Records that were left out; 0 for a failure.</param>
/// <param name="Failure">What went wrong.</param>
/// <param name="IsAtEnd">Whether they were left out because the listener ended, and not because the sink was behind.</param>
internal readonly record struct SinkEvent(long LeftOut, string? Failure, bool IsAtEnd = false);
