using QueueLog.Records;

namespace QueueLog.Sinks.Queued;

/// <summary>What a sink runs of its user's own: made for each listener, used by the sink's thread.</summary>
/// <param name="Filter">Which records it wants; null for all.</param>
/// <param name="Consumer">What is done with them; null where they are written as text.</param>
/// <param name="Stop">Ends what is running, from another thread; null where that cannot be done.</param>
/// <param name="End">Frees it, when nothing runs any more.</param>
internal sealed record SinkCodeSession(IRecordFilter? Filter, IRecordConsumer? Consumer, Action? Stop, Action? End);

/// <summary>Does with records what its user wants, on the sink's own thread, and tells what became of each.</summary>
internal interface IRecordConsumer
{
    void Consume(IReadOnlyList<LogRecord> records, SinkMetrics metrics);
}

/// <summary>Says which records a sink wants. Called on the sink's own thread.</summary>
internal interface IRecordFilter
{
    /// <summary>Judges records, in order. One that cannot be judged is wanted.</summary>
    /// <param name="records">The records.</param>
    /// <param name="failed">Told of each that could not be judged.</param>
    IReadOnlyList<bool> Judge(IReadOnlyList<LogRecord> records, Action<Exception> failed);
}
