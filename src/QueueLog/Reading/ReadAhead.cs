namespace QueueLog.Reading;

/// <summary>Reads entries on a thread of its own, while the caller works with those before them.</summary>
internal static class ReadAhead
{
    // Of few entries a thread costs more than it brings.
    private const int WithoutThread = 500;

    /// <summary>The entries that a query gives. Its problems are told on the caller's thread, in their place among the entries.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="read">Reads; the files are closed when the enumeration ends.</param>
    public static IEnumerable<LogEntry> Of(LogQuery query, Func<LogQuery, IEnumerable<LogEntry>> read)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(query.Cancellation);
        var report = query.Report;
        using var entries = read(query with { Report = problem => report(problem), Cancellation = stop.Token }).GetEnumerator();
        for (var i = 0; i < WithoutThread; i++)
        {
            if (!entries.MoveNext())
            {
                yield break;
            }

            yield return entries.Current;
        }

        var queue = new ReadQueue();
        report = queue.Add;
        var reading = Task.Factory.StartNew(() => Fill(queue, entries), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            for (List<object> found = []; queue.TryTake(ref found);)
            {
                foreach (var next in found)
                {
                    if (next is LogEntry entry)
                    {
                        yield return entry;
                    }
                    else
                    {
                        query.Report((ReadProblem)next);
                    }
                }
            }

            reading.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            queue.Close();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        }
    }

    private static void Fill(ReadQueue queue, IEnumerator<LogEntry> entries)
    {
        try
        {
            while (!queue.IsClosed && entries.MoveNext())
            {
                queue.Add(entries.Current);
            }
        }
        finally
        {
            queue.Complete();
        }
    }
}
