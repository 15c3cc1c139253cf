using QueueLog.Records;

namespace QueueLog.Sinks.Queued;

/// <summary>Says which records a sink wants. Called on the sink's own thread.</summary>
internal interface IRecordFilter
{
    /// <summary>Judges records, in order. One that cannot be judged is wanted.</summary>
    /// <param name="records">The records.</param>
    /// <param name="failed">Told of each that could not be judged.</param>
    IReadOnlyList<bool> Judge(IReadOnlyList<LogRecord> records, Action<Exception> failed);
}
