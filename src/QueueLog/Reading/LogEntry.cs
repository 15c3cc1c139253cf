using QueueLog.Records;

namespace QueueLog.Reading;

/// <summary>One entry of a log file. A field that the entry does not show is null.</summary>
public sealed class LogEntry
{
    internal LogEntry()
    {
    }

    /// <summary>When it happened. Times that say no offset are taken as local time.</summary>
    public DateTimeOffset? Timestamp { get; internal init; }

    /// <summary>How much it matters.</summary>
    public LogLevel? Level { get; internal init; }

    /// <summary>Name of the process that wrote it.</summary>
    public string? Process { get; internal init; }

    /// <summary>Id of that process.</summary>
    public int? Pid { get; internal init; }

    /// <summary>Name of the pool worker.</summary>
    public string? Worker { get; internal init; }

    /// <summary>0-based index of the pool's item.</summary>
    public long? Item { get; internal init; }

    /// <summary>1-based number of the attempt at the item.</summary>
    public int? Attempt { get; internal init; }

    /// <summary>The name its records are grouped by.</summary>
    public string? Category { get; internal init; }

    /// <summary>The text; of a raw line the line itself.</summary>
    public string Message { get; internal init; } = "";

    /// <summary>The message template the text was made from.</summary>
    public string? Template { get; internal init; }

    /// <summary>The named values.</summary>
    public LogProperties Properties { get; internal init; } = LogProperties.Empty;

    /// <summary>The exception it reports.</summary>
    public ExceptionInfo? Exception { get; internal init; }

    /// <summary>Where it was written: script and line.</summary>
    public string? Caller { get; internal init; }

    /// <summary>1-based number of the record at its client.</summary>
    public long? Sequence { get; internal init; }

    /// <summary>Whether the line is no record in the format of its file: another program's, or one that was torn.</summary>
    public bool IsRaw { get; internal init; }

    /// <summary>Whether the file ends before the line does.</summary>
    public bool IsUnfinished { get; internal init; }

    /// <summary>In what format it was read: one of ours, or another program's that was recognized or named.</summary>
    public string Format { get; internal init; } = "";

    /// <summary>Full path of the file, as it was called when the reading began.</summary>
    public string File { get; internal init; } = "";

    /// <summary>Where it begins in the file: how many bytes stand before it. In a compressed file, before it was compressed.</summary>
    public long Offset { get; internal init; }

    /// <summary>The time, the process, the level and the message.</summary>
    public override string ToString() => EntryText.Of(this, colour: false);
}
