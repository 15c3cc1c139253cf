using QueueLog.Wire;

namespace QueueLog.Reading;

/// <summary>One entry of a log file, taken apart; valid until its reader goes on.</summary>
internal ref struct EntryView
{
    public EntryState State;

    /// <summary>Which of the fields of <see cref="Record"/> the entry has; a text it does not have is empty.</summary>
    public EntryFields Fields;

    /// <summary>The fields; of a raw or torn entry only the message, which is its text.</summary>
    public RecordView Record;

    /// <summary>The entry as it stands in the file, without its last line break.</summary>
    public ReadOnlySpan<byte> Text;

    /// <summary>Where it stands in the file: bytes before it, of a compressed file those it unfolds to.</summary>
    public long Offset;

    /// <summary>The end of the file came before the end of its line.</summary>
    public bool IsUnfinished;

    public readonly bool Has(EntryFields field) => (Fields & field) != 0;
}

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
