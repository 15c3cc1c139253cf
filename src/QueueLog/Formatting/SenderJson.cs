using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Writes who wrote a record as members of a JSON object, and keeps them: records that come fast are mostly the same writer's. Not thread-safe.</summary>
internal sealed class SenderJson
{
    // Longer names are written each time.
    private const int LongestKept = 128;

    private readonly byte[] process = new byte[LongestKept];
    private readonly byte[] worker = new byte[LongestKept];
    private readonly byte[] shown = new byte[3 * LongestKept];
    private int processLength = -1;
    private int workerLength;
    private int shownLength;
    private int pid;

    public void Append(ref EntryWriter entry, scoped in RecordView record)
    {
        if (record.Pid == pid
            && record.Process.Length == processLength
            && record.Process.SequenceEqual(process.AsSpan(0, processLength))
            && record.Worker.SequenceEqual(worker.AsSpan(0, workerLength)))
        {
            entry.Append(shown.AsSpan(0, shownLength));
            return;
        }

        var start = entry.Length;
        JsonFormatter.AppendText(ref entry, ",\"Process\":\""u8, record.Process);
        JsonFormatter.AppendNumber(ref entry, ",\"Pid\":"u8, record.Pid, record.Pid != 0);
        JsonFormatter.AppendText(ref entry, ",\"Worker\":\""u8, record.Worker);
        Keep(in record, entry.WrittenFrom(start));
    }

    private void Keep(scoped in RecordView record, ReadOnlySpan<byte> made)
    {
        if (record.Process.Length <= LongestKept && record.Worker.Length <= LongestKept && made.Length <= shown.Length)
        {
            record.Process.CopyTo(process);
            processLength = record.Process.Length;
            record.Worker.CopyTo(worker);
            workerLength = record.Worker.Length;
            made.CopyTo(shown);
            shownLength = made.Length;
            pid = record.Pid;
        }
    }
}
