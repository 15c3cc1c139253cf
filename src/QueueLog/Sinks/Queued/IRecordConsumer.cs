using QueueLog.Records;

namespace QueueLog.Sinks.Queued;

/// <summary>Does with records what its user wants, on the sink's own thread, and tells what became of each.</summary>
internal interface IRecordConsumer
{
    void Consume(IReadOnlyList<LogRecord> records, SinkMetrics metrics);
}
