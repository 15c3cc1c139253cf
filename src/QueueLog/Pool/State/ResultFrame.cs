using System.Buffers;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Pool.State;

/// <summary>A Results frame, decoded once: its entries, and what each means for the item it is about. Its reader disposes it.</summary>
internal sealed class ResultFrame : IDisposable
{
    private byte[] buffer;
    private ResultEntry[] entries;
    private int count;

    private ResultFrame(int length)
    {
        buffer = ArrayPool<byte>.Shared.Rent(length);
        entries = ArrayPool<ResultEntry>.Shared.Rent(16);
    }

    public Span<ResultEntry> Entries => entries.AsSpan(0, count);

    /// <summary>Decodes a payload, which it copies.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static ResultFrame Read(ReadOnlySpan<byte> payload)
    {
        var frame = new ResultFrame(payload.Length);
        payload.CopyTo(frame.buffer);
        var rest = payload;
        while (WorkEntryCodec.TryRead(ref rest, out var entry))
        {
            frame.Add(new ResultEntry(entry.Kind, entry.Index, payload.Length - rest.Length - entry.Body.Length, entry.Body.Length));
        }

        return frame;
    }

    public ReadOnlySpan<byte> Body(in ResultEntry entry) => buffer.AsSpan(entry.Start, entry.Length);

    public void Dispose()
    {
        if (entries.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<ResultEntry>.Shared.Return(entries, clearArray: true);
            (buffer, entries, count) = ([], [], 0);
        }
    }

    private void Add(in ResultEntry entry)
    {
        if (count == entries.Length)
        {
            var larger = ArrayPool<ResultEntry>.Shared.Rent(2 * count);
            entries.CopyTo(larger, 0);
            ArrayPool<ResultEntry>.Shared.Return(entries, clearArray: true);
            entries = larger;
        }

        entries[count++] = entry;
    }
}

/// <summary>One entry of a Results frame.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Index">0-based index of the item; -1 for none.</param>
/// <param name="Start">Where its body begins in the frame.</param>
/// <param name="Length">Length of its body in bytes.</param>
internal record struct ResultEntry(WorkEntryKind Kind, long Index, int Start, int Length)
{
    /// <summary>The item of an error; null where an error has none, and for other kinds.</summary>
    public WorkItem? Item { get; set; }

    /// <summary>What an end means for its item; null where nothing is to be told of it, and for other kinds.</summary>
    public ItemEnd? End { get; set; }
}
