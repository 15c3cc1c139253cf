using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>A decoded record whose texts still lie, as UTF-8, in the buffer they were received in; valid only while that buffer is.</summary>
internal ref struct RecordView
{
    /// <summary>UTC time in ticks of 100 ns.</summary>
    public long UtcTicks;

    /// <summary>Offset of the writer's local time from UTC in minutes.</summary>
    public short OffsetMinutes;

    public LogLevel Level;
    public long Sequence;
    public int Pid;

    /// <summary>0-based item index, or -1.</summary>
    public long Item;

    public ReadOnlySpan<byte> Message;

    /// <summary>Empty when the message had no holes.</summary>
    public ReadOnlySpan<byte> Template;

    public ReadOnlySpan<byte> Category;
    public ReadOnlySpan<byte> Process;
    public ReadOnlySpan<byte> Worker;

    public bool HasException;
    public ReadOnlySpan<byte> ExceptionType;
    public ReadOnlySpan<byte> ExceptionMessage;
    public ReadOnlySpan<byte> ExceptionStackTrace;

    /// <summary>Encoded properties, to be walked with <see cref="PropertyReader"/>; empty when there are none.</summary>
    public ReadOnlySpan<byte> Properties;

    public readonly PropertyReader ReadProperties() => new(Properties);
}
