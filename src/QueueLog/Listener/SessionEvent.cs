using System.Buffers;

namespace QueueLog.Listener;

/// <summary>Something a session hands to the dispatcher.</summary>
internal readonly record struct SessionEvent(ListenerSession Session, SessionEventKind Kind)
{
    private readonly byte[]? batch;
    private readonly int length;

    private SessionEvent(ListenerSession session, SessionEventKind kind, byte[] batch, int length)
        : this(session, kind)
    {
        this.batch = batch;
        this.length = length;
    }

    /// <summary>Of a flush, what the client calls it; of a loss, how many records; of a machine whose log is missing, since when.</summary>
    public long Number { get; init; }

    /// <summary>Path of the client's ring; of a machine whose log is missing, its name.</summary>
    public string? Path { get; init; }

    public ReadOnlySpan<byte> Records => batch.AsSpan(0, length);

    public static SessionEvent OfBatch(ListenerSession session, ReadOnlySpan<byte> records, SessionEventKind kind = SessionEventKind.Batch)
    {
        var batch = ArrayPool<byte>.Shared.Rent(records.Length);
        records.CopyTo(batch);
        return new SessionEvent(session, kind, batch, records.Length);
    }

    public void Return()
    {
        if (batch is not null)
        {
            ArrayPool<byte>.Shared.Return(batch);
        }
    }
}

/// <summary>What a session tells the dispatcher.</summary>
internal enum SessionEventKind
{
    /// <summary>Records that came over the pipe.</summary>
    Batch,

    /// <summary>Records of another machine, with their place in its spool.</summary>
    Feed,

    /// <summary>Another machine's log has not come to its end.</summary>
    FeedMissing,

    /// <summary>Where the client's ring is.</summary>
    Journal,

    /// <summary>A request to be told when everything before it is written.</summary>
    Flush,

    /// <summary>Records that are in no log.</summary>
    Lost,

    /// <summary>The connection is at its end.</summary>
    End,
}
