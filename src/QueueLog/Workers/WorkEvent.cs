using QueueLog.Records;

namespace QueueLog.Workers;

/// <summary>Something that a run has to tell whoever reads it.</summary>
internal abstract record WorkEvent(string Worker);

/// <summary>A Results frame. Its reader gives the buffer back to the shared pool.</summary>
/// <param name="Worker">Name of the worker.</param>
/// <param name="Buffer">Rented buffer.</param>
/// <param name="Length">Length of the payload in it.</param>
/// <param name="Items">The items its errors belong to, in the order of those errors; null when it has none.</param>
/// <param name="Ends">What its Ended entries mean, in their order; null for a run that does not tell them, unless one of them is no success.</param>
internal sealed record WorkResults(string Worker, byte[] Buffer, int Length, Queue<WorkItem>? Items, Queue<ItemEnd>? Ends) : WorkEvent(Worker);

/// <summary>A line that a worker wrote past its streams: <c>[Console]::WriteLine</c>, or a native program of its own.</summary>
internal sealed record WorkerLine(string Worker, bool IsError, string Text) : WorkEvent(Worker);

/// <summary>An item whose worker died on it.</summary>
internal sealed record ItemLost(ItemEnd End) : WorkEvent(End.Worker);

/// <summary>Items that will not be run: the run was halted.</summary>
internal sealed record ItemsSkipped(IReadOnlyList<WorkItem> Items) : WorkEvent("");
