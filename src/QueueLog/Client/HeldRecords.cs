namespace QueueLog.Client;

/// <summary>The records below the level of the log that are written if something goes wrong: those of the item under way, or else of the process. Thread-safe.</summary>
// Of an item that ended well nothing is left when the next one begins. They have no numbers until they are written: nobody misses them.
internal sealed class HeldRecords
{
    /// <summary>Bytes that are held; the oldest records go first.</summary>
    public const int Capacity = 256 * 1024;

    private readonly object gate = new();
    private readonly Queue<byte[]> records = new();
    private ItemContext item = ItemContext.None;
    private int length;

    /// <summary>Holds a record of the item under way.</summary>
    public void Add(ReadOnlySpan<byte> record)
    {
        lock (gate)
        {
            DropOthers();
            if (record.Length <= Capacity)
            {
                records.Enqueue(record.ToArray());
                length += record.Length;
            }

            while (length > Capacity)
            {
                length -= records.Dequeue().Length;
            }
        }
    }

    /// <summary>Gives those of the item under way away, oldest first.</summary>
    public byte[][] Detach()
    {
        lock (gate)
        {
            DropOthers();
            byte[][] detached = [.. records];
            Clear();
            return detached;
        }
    }

    private void DropOthers()
    {
        if (!ReferenceEquals(item, ProcessContext.Item))
        {
            item = ProcessContext.Item;
            Clear();
        }
    }

    private void Clear()
    {
        records.Clear();
        length = 0;
    }
}
