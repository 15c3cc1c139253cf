namespace QueueLog.Pool;

/// <summary>How far a run is.</summary>
/// <param name="Added">Items read from the input.</param>
/// <param name="IsComplete">Whether these are all.</param>
/// <param name="Ended">Items of which nothing more will come.</param>
/// <param name="Failed">Those of them that did not complete.</param>
/// <param name="Workers">What each worker is at.</param>
internal sealed record RunProgress(long Added, bool IsComplete, long Ended, long Failed, IReadOnlyList<WorkerStatus> Workers);
