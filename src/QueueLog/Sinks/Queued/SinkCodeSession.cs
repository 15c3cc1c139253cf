namespace QueueLog.Sinks.Queued;

/// <summary>What a sink runs of its user's own: made for each listener, used by the sink's thread.</summary>
/// <param name="Filter">Which records it wants; null for all.</param>
/// <param name="Consumer">What is done with them; null where they are written as text.</param>
/// <param name="Stop">Ends what is running, from another thread; null where that cannot be done.</param>
/// <param name="End">Frees it, when nothing runs any more.</param>
internal sealed record SinkCodeSession(IRecordFilter? Filter, IRecordConsumer? Consumer, Action? Stop, Action? End);
