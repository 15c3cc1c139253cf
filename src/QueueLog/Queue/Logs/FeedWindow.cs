using QueueLog.Sinks.Spool;

namespace QueueLog.Queue.Logs;

/// <summary>What has come from the queue and is not in the log yet, in the order of the queue. Thread-safe.</summary>
internal sealed class FeedWindow
{
    // More than this is not taken before some of it is in the log.
    private const long Size = 8 * 1024 * 1024;

    private readonly object gate = new();
    private readonly Queue<Entry> entries = new();
    private readonly Dictionary<string, SpoolPosition> committed = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long waiting;
    private long done;

    /// <summary>Everything up to this sequence of the queue is in the log.</summary>
    public long Done
    {
        get
        {
            lock (gate)
            {
                return done;
            }
        }
    }

    /// <summary>A packet has come.</summary>
    /// <param name="sequence">Its place in the queue.</param>
    /// <param name="key">Of which spool it is.</param>
    /// <param name="end">Where it ends there.</param>
    /// <param name="length">Bytes of the records that it completes: without the rest of its record, a piece never gets into the log.</param>
    public void Add(long sequence, string key, SpoolPosition end, int length)
    {
        lock (gate)
        {
            entries.Enqueue(new Entry(sequence, key, end, length));
            waiting += length;
            Advance();
        }
    }

    /// <summary>The log has the records of a spool up to here.</summary>
    public void Commit(string key, SpoolPosition position)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            committed[key] = position;
            Advance();
            told = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.SetResult();
    }

    /// <summary>Completes when there is room for more.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellation) => WaitAsync(() => waiting < Size, cancellation);

    /// <summary>Completes when more is in the log than up to this sequence of the queue.</summary>
    public Task WaitBeyondAsync(long sequence, CancellationToken cancellation) => WaitAsync(() => done > sequence, cancellation);

    private async Task WaitAsync(Func<bool> condition, CancellationToken cancellation)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (condition())
                {
                    return;
                }

                next = changed.Task;
            }

            await next.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private void Advance()
    {
        while (entries.TryPeek(out var first) && committed.TryGetValue(first.Key, out var position) && position >= first.End)
        {
            entries.Dequeue();
            waiting -= first.Length;
            done = first.Sequence;
        }
    }

    private readonly record struct Entry(long Sequence, string Key, SpoolPosition End, int Length);
}
