namespace QueueLog.Reading;

/// <summary>Several logs as one, in order of time.</summary>
internal static class LogMerge
{
    /// <summary>Each log's entries stay in their order; one without a time follows the entry before it.</summary>
    public static IEnumerable<LogEntry> ByTime(IReadOnlyList<IEnumerable<LogEntry>> logs)
    {
        if (logs.Count == 1)
        {
            return logs[0];
        }

        return Merge(logs);
    }

    private static IEnumerable<LogEntry> Merge(IReadOnlyList<IEnumerable<LogEntry>> logs)
    {
        var readers = logs.Select(log => log.GetEnumerator()).ToArray();
        try
        {
            var queue = new PriorityQueue<int, (long Time, int Log)>();
            var times = new long[readers.Length];
            for (var log = 0; log < readers.Length; log++)
            {
                Advance(log);
            }

            while (queue.TryDequeue(out var log, out _))
            {
                yield return readers[log].Current;
                Advance(log);
            }

            void Advance(int log)
            {
                if (readers[log].MoveNext())
                {
                    times[log] = readers[log].Current.Timestamp?.UtcTicks ?? times[log];
                    queue.Enqueue(log, (times[log], log));
                }
            }
        }
        finally
        {
            foreach (var reader in readers)
            {
                reader.Dispose();
            }
        }
    }
}
