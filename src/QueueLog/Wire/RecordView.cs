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

    /// <summary>1-based number of the attempt at the item; 0 outside a pool.</summary>
    public int Attempt;

    public ReadOnlySpan<byte> Message;

    /// <summary>Empty when the message had no holes.</summary>
    public ReadOnlySpan<byte> Template;

    public ReadOnlySpan<byte> Category;
    public ReadOnlySpan<byte> Process;
    public ReadOnlySpan<byte> Worker;

    /// <summary>Script and line that wrote it; empty when it is not known, or nobody wanted it.</summary>
    public ReadOnlySpan<byte> Caller;

    /// <summary>Whether a sink's own code wrote it: such code is not given it again.</summary>
    public bool IsFromSink;

    /// <summary>Whether the streams of the listener's own session show it too.</summary>
    public bool IsInStreams;

    /// <summary>Whether its client held it back below the level of the log, until a record had it written.</summary>
    public bool IsHeld;

    public bool HasException;
    public ReadOnlySpan<byte> ExceptionType;
    public ReadOnlySpan<byte> ExceptionMessage;
    public ReadOnlySpan<byte> ExceptionStackTrace;

    /// <summary>Encoded properties, to be walked with <see cref="PropertyReader"/>; empty when there are none.</summary>
    public ReadOnlySpan<byte> Properties;

    public readonly PropertyReader ReadProperties() => new(Properties);
}
