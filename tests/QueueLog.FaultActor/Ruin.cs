namespace QueueLog.FaultActor;

/// <summary>What an actor does to its files before it dies: what a death may leave there, and, so that a test can see that it would be noticed, what none may.</summary>
internal enum Ruin
{
    Nothing,

    /// <summary>A batch is written in part: what a death in the middle of a write leaves.</summary>
    BatchTorn,

    /// <summary>No checkpoint ever stands: as if a listener did not write any.</summary>
    CheckpointLost,

    /// <summary>The tail is moved before anything but the length of the record has been copied.</summary>
    RecordEmpty,

    /// <summary>The tail is moved before a part of the record's text has been copied.</summary>
    RecordTorn,

    /// <summary>The tail is where it was when the write returns: as if it had not been moved.</summary>
    CommitLost,
}
