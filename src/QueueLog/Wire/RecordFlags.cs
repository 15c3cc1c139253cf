namespace QueueLog.Wire;

/// <summary>Which optional fields an encoded record has; the numbers are part of the protocol. Written as a varint: the first seven take one byte.</summary>
[Flags]
internal enum RecordFlags
{
    None = 0,
    Item = 1,
    Template = 2,
    Category = 4,
    Process = 8,
    Worker = 16,
    Exception = 32,
    Properties = 64,

    /// <summary>Behind the item; absent at its first attempt, so that the second byte of the flags is rare.</summary>
    Attempt = 128,

    /// <summary>Behind the worker; absent unless the listener wants it.</summary>
    Caller = 256,

    /// <summary>Nothing more: a sink's own code wrote it, so that no such code is given it.</summary>
    FromSink = 512,

    /// <summary>Nothing more: the streams of the session that has the listener show it too, so that a console on their screen need not.</summary>
    InStreams = 1024,

    /// <summary>Nothing more: its client held it back below the level of the log, and it is written all the same.</summary>
    Held = 2048,

    All = 4095,
}
