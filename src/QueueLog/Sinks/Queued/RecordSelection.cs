using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Sinks.Queued;

/// <summary>The records of a block as objects, and which of them a filter wants.</summary>
internal static class RecordSelection
{
    /// <summary>Of records that say themselves who wrote them.</summary>
    public static readonly ClientIdentity Nobody = new(0, "", null);

    public static List<LogRecord> Read(ReadOnlySpan<byte> block, int capacity = 0)
    {
        var records = new List<LogRecord>(capacity);
        while (RecordCodec.TryRead(ref block, Nobody, out var record))
        {
            records.Add(WholeRecord.Of(in record));
        }

        return records;
    }

    public static IReadOnlyList<bool> Judge(this IRecordFilter filter, IReadOnlyList<LogRecord> records, SinkMetrics metrics) =>
        filter.Judge(records, exception => metrics.Fail("apply the filter of", FailureSeverity.Temporary, exception, lost: 0));
}
