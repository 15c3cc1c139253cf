using QueueLog.Pool.State;
using QueueLog.Records;

namespace QueueLog.Pool;

/// <summary>Something that happened in a run, for its reader.</summary>
internal abstract record WorkEvent(string Worker);

/// <summary>What a worker's items gave, and their ends. Its reader disposes the frame.</summary>
internal sealed record WorkResults(string Worker, ResultFrame Frame) : WorkEvent(Worker);

/// <summary>A line that a worker wrote past its streams: <c>[Console]::WriteLine</c>, or a native program of its own.</summary>
internal sealed record WorkerLine(string Worker, bool IsError, string Text) : WorkEvent(Worker);

/// <summary>An item whose worker died on it, or that could not be sent to one.</summary>
internal sealed record ItemLost(ItemEnd End) : WorkEvent(End.Worker);

/// <summary>Items that will not be run: the run was halted.</summary>
internal sealed record ItemsSkipped(IReadOnlyList<WorkItem> Items) : WorkEvent("");
