namespace QueueLog.Listener;

/// <summary>What a session tells the dispatcher.</summary>
internal enum InboxEntryKind
{
    /// <summary>Records that came over the pipe.</summary>
    Batch,

    /// <summary>Where the client's ring is.</summary>
    Journal,

    /// <summary>A request to be told when everything before it is written.</summary>
    Flush,

    /// <summary>Records that are in no log.</summary>
    Lost,

    /// <summary>The connection is at its end.</summary>
    End,
}
