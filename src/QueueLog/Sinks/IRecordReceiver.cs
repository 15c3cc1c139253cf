using QueueLog.Records;

namespace QueueLog.Sinks;

/// <summary>Where records go that leave QueueLog, such as a logger of another library.</summary>
public interface IRecordReceiver
{
    /// <summary>Takes records in the order given. An exception says that at least one of them was not taken.</summary>
    void Receive(IReadOnlyList<LogRecord> records);
}
