using System.Buffers;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool.State;

/// <summary>A Results frame, decoded once: its entries, and what each means for the item it is about. Its reader disposes it.</summary>
internal sealed class ResultFrame : IDisposable
{
    // The pool of arrays would keep a larger one for long.
    private const int MostPooled = 8 * 1024 * 1024;

    private ReadOnlyMemory<byte> payload;
    private byte[]? rented;
    private ResultEntry[] entries = ArrayPool<ResultEntry>.Shared.Rent(16);
    private int count;

    private ResultFrame(ReadOnlyMemory<byte> payload, byte[]? rented)
    {
        this.payload = payload;
        this.rented = rented;
        var rest = payload.Span;
        while (WorkEntryCodec.TryRead(ref rest, out var entry))
        {
            Add(new ResultEntry(entry.Kind, entry.Index, payload.Length - rest.Length - entry.Body.Length, entry.Body.Length));
        }
    }

    /// <summary>Raised when its reader has done with it.</summary>
    public event Action? Disposed;

    /// <summary>Whether it holds so much that few of its kind are to wait for a reader.</summary>
    public bool IsLarge => payload.Length > MostPooled;

    public Span<ResultEntry> Entries => entries.AsSpan(0, count);

    /// <summary>Decodes a payload, which it copies.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static ResultFrame Read(ReadOnlySpan<byte> payload)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(buffer);
        return new ResultFrame(buffer.AsMemory(0, payload.Length), buffer);
    }

    /// <summary>Decodes the payload of the frame that a connection has just read.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static ResultFrame Read(PipeConnection connection, Frame frame) =>
        frame.Payload.Length > MostPooled ? new ResultFrame(connection.Keep(frame), null) : Read(frame.Payload.Span);

    public ReadOnlySpan<byte> Body(in ResultEntry entry) => payload.Span.Slice(entry.Start, entry.Length);

    /// <summary>Entries that follow one another, as they travel.</summary>
    public ReadOnlySpan<byte> Encoded(in ResultEntry first, in ResultEntry last) => payload.Span[(first.Start - WorkEntryCodec.HeaderLength)..(last.Start + last.Length)];

    public void Dispose()
    {
        if (entries.Length == 0)
        {
            return;
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        ArrayPool<ResultEntry>.Shared.Return(entries, clearArray: true);
        (payload, rented, entries, count) = (default, null, [], 0);
        Disposed?.Invoke();
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
