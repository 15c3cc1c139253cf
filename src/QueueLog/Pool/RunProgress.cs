namespace QueueLog.Pool;

/// <summary>How far a run is.</summary>
/// <param name="Added">Items read from the input.</param>
/// <param name="IsComplete">Whether these are all.</param>
/// <param name="Ended">Items of which nothing more will come.</param>
/// <param name="Failed">Those of them that did not complete.</param>
/// <param name="Workers">What each worker is at.</param>
internal sealed record RunProgress(long Added, bool IsComplete, long Ended, long Failed, IReadOnlyList<WorkerStatus> Workers)
{
    /// <summary>How often an item was, or is to be, tried again.</summary>
    public long Retried { get; init; }

    /// <summary>How many workers there may be.</summary>
    public int WorkerCount { get; init; } = Workers.Count;

    /// <summary>The item that took longest, of those that a worker ended; null for none.</summary>
    public SlowItem? Slowest { get; init; }
}

/// <summary>An item and how long it took.</summary>
internal sealed record SlowItem(long Index, object? Input, TimeSpan Duration);
