namespace QueueLog.Queue;

/// <summary>A chunk that was delivered to this host. It is delivered again when none of these calls is made for 30 s.</summary>
/// <remarks>They are sent and not answered: one that is lost leads to another delivery.</remarks>
internal interface IWorkDelivery
{
    string Chunk { get; }

    ReadOnlyMemory<byte> Payload { get; }

    /// <summary>It is done: not to be delivered again.</summary>
    Task AcknowledgeAsync(CancellationToken cancellation);

    /// <summary>It is given back: to be delivered again after a while, to whoever asks.</summary>
    Task ReturnAsync(TimeSpan delay, CancellationToken cancellation);

    /// <summary>It is worked at: another 30 s from now.</summary>
    Task ExtendAsync(CancellationToken cancellation);
}
