namespace QueueLog.Sinks.Queued;

/// <summary>How much may wait before a sink, and how long a full queue is waited for.</summary>
internal sealed record SinkQueueOptions
{
    /// <summary>Name of the thread that takes.</summary>
    public required string ThreadName { get; init; }

    /// <summary>Most bytes in it.</summary>
    public required int Capacity { get; init; }

    /// <summary>How long a full queue is waited for. Default: 250 ms.</summary>
    // A sink that is merely slower than a burst must lose none, and while the system is busy nobody takes for a moment.
    public TimeSpan RoomTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether <see cref="RoomTimeout"/> is for each wait anew. Default: for all waits together until the queue is empty again.</summary>
    public bool IsTimeoutPerWait { get; init; }

    /// <summary>How long closing waits at most for the queue to empty. Default: as long as the caller says.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.MaxValue;

    /// <summary>Up to how many bytes what waits is joined to one block, for takers that each block costs something. Default: 0, blocks stay as they were added.</summary>
    public int JoinUpTo { get; init; }
}
