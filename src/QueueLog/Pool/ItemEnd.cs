using QueueLog.Records;

namespace QueueLog.Pool;

/// <summary>The end of an item's attempt.</summary>
/// <param name="Item">The item.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Attempt">Which attempt it was: 1, 2 and so on; 0 for an item that was never begun.</param>
/// <param name="IsFinal">Whether nothing more will come of the item; otherwise it is tried again.</param>
internal sealed record ItemEnd(WorkItem Item, ItemStatus Status, int Attempt, bool IsFinal)
{
    /// <summary>Name of the worker; empty when it never had one.</summary>
    public string Worker { get; init; } = "";

    /// <summary>Process id of the worker; 0 when it never had one.</summary>
    public int Pid { get; init; }

    /// <summary>When it began; null when that is not known.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>How long it took; null when that is not known.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The last exit code of a program that it ran, or its own by <c>exit</c>; null for none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it could not be sent to a worker; null for an item that was.</summary>
    public Exception? NotSent { get; init; }

    /// <summary>How its worker died, if it did.</summary>
    public WorkerDeath? Death { get; init; }

    /// <summary>The pause before the next attempt.</summary>
    public TimeSpan Delay { get; init; }
}
