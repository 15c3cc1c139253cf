namespace QueueLog.Reading;

/// <summary>What a line of a log file turned out to be.</summary>
internal enum EntryState : byte
{
    /// <summary>A record of ours.</summary>
    Record,

    /// <summary>Begins as a record of ours does, and does not go on as one.</summary>
    Torn,

    /// <summary>Something else.</summary>
    Raw,
}
