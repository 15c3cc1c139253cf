using System.Buffers;

namespace QueueLog.Listener;

/// <summary>
/// Something a session hands to the dispatcher: a batch of records, or a mark behind the batches before it: the number of a
/// flush to be answered, or -1 for the session's end.
/// </summary>
internal readonly record struct InboxEntry(ListenerSession Session, byte[]? Batch, int Length, long Mark)
{
    private const long End = -1;

    public static InboxEntry OfBatch(ListenerSession session, ReadOnlySpan<byte> records)
    {
        var batch = ArrayPool<byte>.Shared.Rent(records.Length);
        records.CopyTo(batch);
        return new InboxEntry(session, batch, records.Length, 0);
    }

    public static InboxEntry OfFlush(ListenerSession session, long number) => new(session, null, 0, number);

    public static InboxEntry OfEnd(ListenerSession session) => new(session, null, 0, End);

    public bool IsEnd => Mark == End;

    public ReadOnlySpan<byte> Records => Batch.AsSpan(0, Length);

    public void Return()
    {
        if (Batch is not null)
        {
            ArrayPool<byte>.Shared.Return(Batch);
        }
    }
}
