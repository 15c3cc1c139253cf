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
