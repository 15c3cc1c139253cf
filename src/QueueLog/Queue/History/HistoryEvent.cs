using QueueLog.Records;

namespace QueueLog.Queue.History;

/// <summary>One message of a chunk's history.</summary>
internal abstract record HistoryEvent;

/// <summary>The first: a submitter says what the chunk has, before it publishes it.</summary>
/// <param name="Submitter">This life of the submitter.</param>
/// <param name="Items">What is in the chunk: one attempt of each.</param>
internal sealed record ChunkOffer(string Submitter, OfferedItem[] Items) : HistoryEvent;

/// <param name="Index">0-based index of the item in the submitter's input.</param>
/// <param name="Attempt">Which attempt the chunk is of.</param>
/// <param name="Deaths">Workers and hosts that died of it before.</param>
/// <param name="Hash">Of the item's payload: whoever submits the same input again knows it by that.</param>
internal readonly record struct OfferedItem(long Index, int Attempt, int Deaths, long Hash);

/// <summary>A host begins the chunk.</summary>
/// <param name="Host">The host.</param>
/// <param name="Incarnation">This life of it.</param>
/// <param name="Nonce">Number of this claim: only a repeat of the same call has it again.</param>
internal sealed record ChunkClaim(string Host, string Incarnation, long Nonce) : HistoryEvent;

/// <summary>Something came of the chunk's items.</summary>
/// <param name="Nonce">Of the claim.</param>
/// <param name="Report">What came.</param>
internal sealed record ChunkResults(long Nonce, Report Report) : HistoryEvent;

/// <summary>The last: nothing more comes of the chunk.</summary>
/// <param name="Nonce">Of the claim; 0 when the submitter ends it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Report">What came last.</param>
internal sealed record ChunkEnd(long Nonce, EndReason Reason, Report Report) : HistoryEvent;

/// <summary>Why nothing more comes of a chunk.</summary>
internal enum EndReason : byte
{
    /// <summary>Its host is done with it. Items without an end were not begun: the run was halted, or stopped.</summary>
    Done = 1,

    /// <summary>Its host stops, or cannot work for the run. Items without an end were not begun; those that were stopped were not asked to by anyone who runs them.</summary>
    Returned,

    /// <summary>Its host is lost, says the submitter. Items without an end may have been begun.</summary>
    Lost,

    /// <summary>The submitter takes it back: no host had claimed it.</summary>
    TakenBack,
}

/// <summary>What came of items: here, or in a blob where it is too large for a message.</summary>
/// <param name="Parts">What came; none where it is in a blob.</param>
/// <param name="Blob">Name of the blob; empty for none.</param>
internal sealed record Report(ReportPart[] Parts, string Blob = "")
{
    public static readonly Report Empty = new([]);
}

/// <summary>What came of one worker.</summary>
/// <param name="Worker">Its name on its host.</param>
internal abstract record ReportPart(string Worker);

/// <summary>What items gave, and ends of them.</summary>
/// <param name="Entries">As in a frame of results.</param>
/// <param name="Ends">The ends that are among the entries, in their order.</param>
internal sealed record ResultsPart(string Worker, ReadOnlyMemory<byte> Entries, ReportedEnd[] Ends) : ReportPart(Worker);

/// <summary>An item whose worker died on it.</summary>
internal sealed record LostPart(string Worker, ReportedEnd End) : ReportPart(Worker);

/// <summary>A line that a worker wrote past its streams.</summary>
internal sealed record LinePart(string Worker, bool IsError, string Text) : ReportPart(Worker);

/// <summary>How the attempt of an item ended.</summary>
internal sealed record ReportedEnd(long Index, ItemStatus Status, int Pid)
{
    public DateTimeOffset? Started { get; init; }

    public TimeSpan? Duration { get; init; }

    public int? ExitCode { get; init; }

    public Pool.WorkerDeath? Death { get; init; }
}
