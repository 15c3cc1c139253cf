using QueueLog.Diagnostics;
using QueueLog.Records;

namespace QueueLog.Sinks.Queued;

/// <summary>Hands records to a receiver one at a time, so that it is known which it refused.</summary>
internal sealed class ReceiverConsumer(IRecordReceiver receiver) : IRecordConsumer
{
    private readonly LogRecord[] one = new LogRecord[1];

    public void Consume(IReadOnlyList<LogRecord> records, SinkMetrics metrics)
    {
        foreach (var record in records)
        {
            try
            {
                one[0] = record;
                receiver.Receive(one);
                metrics.CountWritten(1);
            }
            catch (Exception exception)
            {
                metrics.Fail("write to", FailureSeverity.Permanent, exception, lost: 1);
            }
        }
    }
}
