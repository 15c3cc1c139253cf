namespace QueueLog.Journal;

/// <summary>The places where a process can be killed so that its death is seen in a different state of the journal.</summary>
internal enum JournalFault
{
    /// <summary>A writer has copied a record into its ring and not yet moved the tail.</summary>
    RecordCopied,

    /// <summary>A writer has moved the tail and not yet rung for a sleeping listener.</summary>
    RecordCommitted,

    /// <summary>A listener has formatted a batch; its checkpoint is not written.</summary>
    BatchFormatted,

    /// <summary>The checkpoint is written, the files are not.</summary>
    CheckpointWritten,

    /// <summary>The files are written, the heads have not moved.</summary>
    BatchWritten,

    /// <summary>The heads have moved, the checkpoint still stands.</summary>
    HeadsMoved,

    /// <summary>A roll has moved some of the files and not all.</summary>
    InRoll,

    /// <summary>A part of an old file has been compressed, at last all of it.</summary>
    InCompression,

    /// <summary>The compressed form of an old file has its name, and the original still stands beside it.</summary>
    CompressedBesideOriginal,

    /// <summary>A recovery has applied the checkpoint and not yet written what the rings hold.</summary>
    InRecovery,
}
