using System.Buffers;

namespace QueueLog.Sinks.Queued;

/// <summary>Blocks of whole entries in their order. What waits is joined; the first, which may be under way, is not added to. Not thread-safe.</summary>
/// <param name="joinUpTo">Bytes of a joined block.</param>
internal sealed class BlockQueue(int joinUpTo)
{
    private readonly Queue<QueuedBlock> blocks = new();

    // Behind the blocks: what came while there were some, joined. Empty while there are none.
    private QueuedBlock open;

    /// <summary>Blocks so far.</summary>
    public long Added { get; private set; }

    /// <summary>Bytes in it.</summary>
    public int Bytes { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes, int entries)
    {
        Bytes += bytes.Length;
        if (blocks.Count == 0 || bytes.Length > joinUpTo)
        {
            Seal();
            blocks.Enqueue(Rent(bytes, entries, bytes.Length));
            Added++;
            return;
        }

        if (open.Length + bytes.Length > joinUpTo)
        {
            Seal();
        }

        if (open.Length == 0)
        {
            open = Rent(bytes, entries, joinUpTo);
            Added++;
            return;
        }

        bytes.CopyTo(open.Bytes.AsSpan(open.Length));
        open = new QueuedBlock(open.Bytes, open.Length + bytes.Length, open.Entries + entries);
    }

    /// <summary>The first block; it stays in the queue.</summary>
    public bool TryPeek(out QueuedBlock block)
    {
        if (blocks.Count == 0)
        {
            Seal();
        }

        return blocks.TryPeek(out block);
    }

    /// <summary>Removes the first block, if there is one.</summary>
    public void Remove()
    {
        if (blocks.TryDequeue(out var block))
        {
            Bytes -= block.Length;
            ArrayPool<byte>.Shared.Return(block.Bytes);
        }
    }

    /// <summary>Forgets all blocks; their bytes stay with whoever may be reading the first.</summary>
    /// <returns>How many entries they had.</returns>
    public long Clear()
    {
        Seal();
        var entries = blocks.Sum(static block => (long)block.Entries);
        blocks.Clear();
        return entries;
    }

    private static QueuedBlock Rent(ReadOnlySpan<byte> bytes, int entries, int room)
    {
        var copy = ArrayPool<byte>.Shared.Rent(room);
        bytes.CopyTo(copy);
        return new QueuedBlock(copy, bytes.Length, entries);
    }

    private void Seal()
    {
        if (open.Length > 0)
        {
            blocks.Enqueue(open);
            open = default;
        }
    }
}

/// <summary>Whole entries, that are taken together.</summary>
/// <param name="Bytes">A rented array.</param>
/// <param name="Length">How much of it is used.</param>
/// <param name="Entries">How many entries these are.</param>
internal readonly record struct QueuedBlock(byte[] Bytes, int Length, int Entries)
{
    public ReadOnlySpan<byte> Content => Bytes.AsSpan(0, Length);
}
