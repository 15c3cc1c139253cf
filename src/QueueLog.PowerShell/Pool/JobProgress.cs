using System.Management.Automation;

namespace QueueLog.PowerShell.Pool;

/// <summary>
/// A job's progress stream, which perhaps nobody reads: of each activity it holds the newest record only, and what a reader has not
/// seen begin need not end for it.
/// </summary>
internal sealed class JobProgress(PSDataCollection<ProgressRecord> records)
{
    // Activities that came and went while nobody read: the newest of them.
    private const int MostRecords = 200;

    private readonly Dictionary<int, ProgressRecord> newest = [];
    private readonly HashSet<int> seen = [];
    private readonly Queue<ProgressRecord> all = new();

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isOfItem">Whether an item wrote it, and not the run: then it is a result, which a late reader gets too.</param>
    public void Write(ProgressRecord record, bool isOfItem)
    {
        var isEnd = record.RecordType == ProgressRecordType.Completed;
        if (newest.Remove(record.ActivityId, out var before) && !(isEnd && isOfItem) && !records.Remove(before))
        {
            seen.Add(record.ActivityId);
        }

        if (isEnd && !seen.Remove(record.ActivityId) && !isOfItem)
        {
            return;
        }

        records.Add(record);
        all.Enqueue(record);
        if (!isEnd)
        {
            newest[record.ActivityId] = record;
        }

        while (all.Count > MostRecords)
        {
            records.Remove(all.Dequeue());
        }
    }
}
