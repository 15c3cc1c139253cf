namespace QueueLog.Client;

/// <summary>What became of a record.</summary>
internal enum WriteResult
{
    /// <summary>Handed over.</summary>
    Accepted,

    /// <summary>No sink wants its level.</summary>
    Filtered,

    /// <summary>There is no listener to take it; nothing was kept.</summary>
    NoListener,

    /// <summary>It was longer than the protocol allows; its message was cut to fit and handed over.</summary>
    Truncated,

    /// <summary>There was no room, and the listener's user wants such records left out. It is counted.</summary>
    Dropped,
}
