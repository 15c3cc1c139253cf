using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Pool.Child;

/// <summary>What the pool has sent and the worker has not taken. Whoever reads the pipe fills it, the main thread empties it.</summary>
internal sealed class WorkQueue
{
    // Definitions, and payloads of Items frames.
    private readonly Queue<object> waiting = new();
    private bool isEnded;
    private volatile bool isDiscarded;
    private volatile bool isCancelled;
    private volatile bool isWithdrawn;

    // Used by the main thread only.
    private ReadOnlyMemory<byte> items;
    private int position;
    private int runId;

    public void Add(WorkDefinition definition) => AddAny(definition);

    /// <summary>Adds the payload of an Items frame, which is kept.</summary>
    public void AddItems(ReadOnlyMemory<byte> payload) => AddAny(payload);

    /// <summary>Nothing will follow.</summary>
    /// <param name="discard">Whether what has not been taken shall not be.</param>
    public void End(bool discard)
    {
        lock (waiting)
        {
            isEnded = true;
            isDiscarded |= discard;
            Monitor.PulseAll(waiting);
        }
    }

    /// <summary>Everything that was sent is to be given up; the pool sends nothing more until that is confirmed.</summary>
    public void Cancel()
    {
        lock (waiting)
        {
            isCancelled = true;
            Monitor.PulseAll(waiting);
        }
    }

    /// <summary>The items that were sent and are not begun are to be given back.</summary>
    public void Withdraw()
    {
        lock (waiting)
        {
            isWithdrawn = true;
            Monitor.PulseAll(waiting);
        }
    }

    /// <summary>Takes out the items that are to be given back; definitions stay.</summary>
    /// <returns>Their indexes, in the order they were sent.</returns>
    public List<long> DequeueWithdrawn()
    {
        object[] all;
        lock (waiting)
        {
            isWithdrawn = false;
            all = [.. waiting];
            waiting.Clear();
            foreach (var definition in all.OfType<WorkDefinition>())
            {
                waiting.Enqueue(definition);
            }
        }

        var indexes = new List<long>();
        DequeueIndexes(indexes);
        foreach (var payload in all.OfType<ReadOnlyMemory<byte>>())
        {
            items = payload;
            position = sizeof(int);
            DequeueIndexes(indexes);
        }

        ReleaseItem();
        return indexes;
    }

    /// <summary>Gives up everything that was sent before a cancellation.</summary>
    /// <returns>How many items that were.</returns>
    public int DiscardCancelled()
    {
        var count = 0;
        lock (waiting)
        {
            isCancelled = false;
        }

        while (HasMore)
        {
            if (IsDefinitionNext())
            {
                DequeueDefinition();
            }
            else
            {
                DequeueItem(out _, out _, out _);
                count++;
            }
        }

        ReleaseItem();
        return count;
    }

    public bool IsCancelled => isCancelled;

    /// <summary>Whether something can be taken without waiting.</summary>
    public bool HasMore
    {
        get
        {
            if (position < items.Length)
            {
                return true;
            }

            lock (waiting)
            {
                return waiting.Count > 0;
            }
        }
    }

    /// <summary>What comes next, without taking it; null when that is still to come. Without a lock while a frame holds more items.</summary>
    public WorkKind? Next
    {
        get
        {
            if (isDiscarded)
            {
                return WorkKind.End;
            }

            if (isCancelled)
            {
                return WorkKind.Cancel;
            }

            if (isWithdrawn)
            {
                return WorkKind.Withdraw;
            }

            if (position < items.Length)
            {
                return WorkKind.Item;
            }

            lock (waiting)
            {
                return waiting.TryPeek(out var first) ? first is WorkDefinition ? WorkKind.Definition : WorkKind.Item
                    : isEnded ? WorkKind.End
                    : null;
            }
        }
    }

    /// <summary>Waits for what comes next, without taking it.</summary>
    public WorkKind Wait()
    {
        lock (waiting)
        {
            while (true)
            {
                if (Next is { } next)
                {
                    return next;
                }

                Monitor.Wait(waiting);
            }
        }
    }

    public WorkDefinition DequeueDefinition()
    {
        lock (waiting)
        {
            return (WorkDefinition)waiting.Dequeue();
        }
    }

    /// <summary>Takes the next item.</summary>
    /// <exception cref="ProtocolException">The pool sent something else.</exception>
    public ReadOnlySpan<byte> DequeueItem(out long index, out int attempt, out int run)
    {
        if (position >= items.Length)
        {
            lock (waiting)
            {
                items = (ReadOnlyMemory<byte>)waiting.Dequeue();
            }

            var header = new SpanReader(items.Span);
            runId = header.ReadInt32();
            position = items.Length - header.Rest.Length;
        }

        var reader = new SpanReader(items.Span[position..]);
        index = reader.ReadInt64();
        attempt = reader.ReadVarInt();
        run = runId;
        var value = WorkCodec.ReadBlob(ref reader);
        position = items.Length - reader.Rest.Length;
        return value;
    }

    /// <summary>Lets go of the bytes of the last item that was taken, when no others lie beside it.</summary>
    public void ReleaseItem()
    {
        if (position >= items.Length)
        {
            items = default;
            position = 0;
        }
    }

    private void DequeueIndexes(List<long> indexes)
    {
        while (position < items.Length)
        {
            DequeueItem(out var index, out _, out _);
            indexes.Add(index);
        }
    }

    private bool IsDefinitionNext()
    {
        lock (waiting)
        {
            return position >= items.Length && waiting.Peek() is WorkDefinition;
        }
    }

    private void AddAny(object entry)
    {
        lock (waiting)
        {
            waiting.Enqueue(entry);
            Monitor.Pulse(waiting);
        }
    }
}

/// <summary>What comes next in a worker.</summary>
internal enum WorkKind
{
    Definition,
    Item,

    /// <summary>The present run is to be given up.</summary>
    Cancel,

    /// <summary>Items that are not begun are to be given back.</summary>
    Withdraw,
    End,
}
