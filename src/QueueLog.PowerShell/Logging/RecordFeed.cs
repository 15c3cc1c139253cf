using System.Collections;
using QueueLog.Records;

namespace QueueLog.PowerShell.Logging;

/// <summary>Records on their way through a pipeline, which may break: the next one goes on behind the record it broke at.</summary>
internal sealed class RecordFeed(IReadOnlyList<LogRecord> records, Action done) : IEnumerable<LogRecord>
{
    private int next;

    /// <summary>Whether the pipeline has a record of which it is not known yet whether it is done with it.</summary>
    public bool IsUnderWay { get; private set; }

    public bool HasMore => next < records.Count;

    /// <summary>The current record is processed, or given up.</summary>
    public void End() => IsUnderWay = false;

    public IEnumerator<LogRecord> GetEnumerator()
    {
        while (HasMore)
        {
            IsUnderWay = true;
            yield return records[next++];
            IsUnderWay = false;
            done();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
