namespace QueueLog.Reading;

/// <summary>Those fields of an entry that no value of their own could mark as missing.</summary>
[Flags]
internal enum EntryFields : byte
{
    None = 0,
    Timestamp = 1,
    Level = 2,
    Pid = 4,
    Sequence = 8,

    /// <summary>In Text, the mark of the listener's own entries.</summary>
    ListenerMark = 16,
}
