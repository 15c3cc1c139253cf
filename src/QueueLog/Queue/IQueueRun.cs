namespace QueueLog.Queue;

/// <summary>What one run keeps on the server: work to be delivered, the history of each chunk, the hosts' log, and blobs.</summary>
/// <remarks>Names of chunks are as those of runs. Any text may be a host's name or a blob's.</remarks>
internal interface IQueueRun
{
    string Name { get; }

    /// <summary>Offers a chunk to the hosts.</summary>
    /// <param name="chunk">Its name.</param>
    /// <param name="payload">What a host gets.</param>
    /// <param name="id">One of the last two minutes is not offered a second time.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="QueueException"><see cref="QueueFault.Full"/>: there is no room for it now.</exception>
    Task PublishWorkAsync(string chunk, ReadOnlyMemory<byte> payload, string id, CancellationToken cancellation);

    /// <summary>Asks for chunks, and gives each as it comes.</summary>
    /// <param name="max">How many at most.</param>
    /// <param name="wait">How long to wait for them, at least 1 s.</param>
    /// <param name="cancellation">Ends it sooner. What the server had sent by then is delivered again, to whoever asks, after 30 s.</param>
    IAsyncEnumerable<IWorkDelivery> PullWorkAsync(int max, TimeSpan wait, CancellationToken cancellation);

    /// <summary>How much work is on the server. A chunk that is neither waiting nor held, and has no end, was lost by the server.</summary>
    Task<WorkBacklog> GetBacklogAsync(CancellationToken cancellation);

    /// <summary>Takes all work back that is on the server. What was delivered stays with its host.</summary>
    Task PurgeWorkAsync(CancellationToken cancellation);

    /// <summary>Appends to the history of a chunk if nobody else has.</summary>
    /// <param name="chunk">Its name.</param>
    /// <param name="payload">What is appended.</param>
    /// <param name="expectedLast">Sequence of what must be the last of this chunk; 0 if there must be nothing.</param>
    /// <param name="id">Tells a repeat of this call from another one: the same for each attempt after <see cref="QueueFault.Unreachable"/>.</param>
    /// <param name="cancellation">Ends the wait; whether it was appended is not known then.</param>
    Task<AppendOutcome> AppendAsync(string chunk, ReadOnlyMemory<byte> payload, long expectedLast, string id, CancellationToken cancellation);

    /// <summary>The whole history of a chunk, in order.</summary>
    Task<IReadOnlyList<HistoryMessage>> ReadHistoryAsync(string chunk, CancellationToken cancellation);

    /// <summary>The last of a chunk's history.</summary>
    /// <returns>Null where there is none.</returns>
    Task<HistoryMessage?> ReadLastAsync(string chunk, CancellationToken cancellation);

    /// <summary>The histories of all chunks in the order of their sequences, without end: each once, whatever happens to the connection.</summary>
    /// <param name="fromSequence">The first that is wanted; 0 or 1 for all.</param>
    /// <param name="cancellation">Ends it, by an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="QueueException"><see cref="QueueFault.Gone"/>: the run was deleted.</exception>
    IAsyncEnumerable<HistoryMessage> FollowHistoriesAsync(long fromSequence, CancellationToken cancellation);

    /// <summary>Hands lines of a host's log over.</summary>
    /// <param name="host">Whose they are.</param>
    /// <param name="lines">What the reader gets.</param>
    /// <param name="id">One of the last two minutes is not taken a second time, unless it was released since.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="QueueException"><see cref="QueueFault.Full"/>: there is no room for them now.</exception>
    Task PublishLogAsync(string host, ReadOnlyMemory<byte> lines, string id, CancellationToken cancellation);

    /// <summary>What is in the log and was not released, then what comes, in the order of its sequences, without end: each once, whatever happens to the connection.</summary>
    /// <param name="cancellation">Ends it, by an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="QueueException"><see cref="QueueFault.Gone"/>: the run was deleted.</exception>
    IAsyncEnumerable<LogMessage> FollowLogAsync(CancellationToken cancellation);

    /// <summary>Acknowledges messages of the log: the server forgets them. Until then a new <see cref="FollowLogAsync"/> gives them again.</summary>
    Task ReleaseLogAsync(IReadOnlyCollection<long> sequences, CancellationToken cancellation);

    /// <summary>Stores a blob; one that is there is replaced.</summary>
    Task PutBlobAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <returns>Null where there is none.</returns>
    /// <exception cref="InvalidDataException">It is larger than the limit, or what came is not what was stored.</exception>
    Task<byte[]?> GetBlobAsync(string name, long limit, CancellationToken cancellation);

    /// <summary>Removes a blob; nothing happens where there is none.</summary>
    Task DeleteBlobAsync(string name, CancellationToken cancellation);
}

/// <param name="Messages">How many chunks are on the server.</param>
/// <param name="Waiting">How many of them have not been delivered to any host.</param>
/// <param name="Held">How many were delivered and are neither acknowledged nor given back.</param>
internal readonly record struct WorkBacklog(long Messages, long Waiting, long Held);

/// <param name="Result">What came of it.</param>
/// <param name="Sequence">Where it is in the run's histories; 0 when it was refused.</param>
internal readonly record struct AppendOutcome(AppendResult Result, long Sequence);

/// <summary>What came of an append.</summary>
internal enum AppendResult
{
    /// <summary>It is there now.</summary>
    Appended,

    /// <summary>Another one is the last.</summary>
    Refused,

    /// <summary>An earlier attempt of the same call had appended it.</summary>
    Duplicate,
}

/// <param name="Chunk">Whose history it is of.</param>
/// <param name="Sequence">Its place in the histories of the run: grows, with gaps.</param>
/// <param name="Time">When the server got it, by the server's clock.</param>
/// <param name="Id">What the append gave.</param>
/// <param name="Payload">What was appended.</param>
internal sealed record HistoryMessage(string Chunk, long Sequence, DateTimeOffset Time, string Id, ReadOnlyMemory<byte> Payload);

/// <param name="Host">Whose lines they are.</param>
/// <param name="Sequence">Its place in the log of the run: grows, with gaps.</param>
/// <param name="Id">What the host gave.</param>
/// <param name="Lines">What the host gave.</param>
internal sealed record LogMessage(string Host, long Sequence, string Id, ReadOnlyMemory<byte> Lines);
