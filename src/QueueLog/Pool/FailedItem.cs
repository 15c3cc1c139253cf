using QueueLog.Records;

namespace QueueLog.Pool;

/// <summary>An item that did not complete.</summary>
public sealed class FailedItem
{
    /// <summary>Its 0-based position in the input.</summary>
    public long Index { get; init; }

    /// <summary>Its input.</summary>
    public object? Input { get; init; }

    /// <summary>How it ended.</summary>
    public ItemStatus Status { get; init; }

    /// <summary>The worker that had it; null when it could not be sent to any.</summary>
    public string? Worker { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset Ended { get; init; }
}
