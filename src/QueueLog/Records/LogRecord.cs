namespace QueueLog.Records;

/// <summary>One log event. In a script: <c>[QueueLog.Records.LogRecord]@{ Level = 'Warning'; Message = 'disk full' } | Write-QueueLog</c>.</summary>
/// <remarks>What is left out is filled in by the client that sends the record: time, process, worker, item, attempt and sequence.</remarks>
public sealed class LogRecord
{
    /// <summary>When it happened, with the offset of the writer's time zone; precision 100 ns. Default: when it is sent.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Default: Information.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>The text, with its holes already filled.</summary>
    public string Message { get; init; } = "";

    /// <summary>The message template the text was made from, or null if it had no holes.</summary>
    public string? Template { get; init; }

    /// <summary>Arguments of the template and further named values, in the order given. A script may give a hashtable.</summary>
    public LogProperties Properties { get; init; } = LogProperties.Empty;

    /// <summary>A name that groups records, e.g. <c>Db.Import</c>.</summary>
    public string? Category { get; init; }

    /// <summary>Name of the process. Default: that of the sending client.</summary>
    public string? Process { get; init; }

    /// <summary>Process id. Default: that of the sending client.</summary>
    public int? Pid { get; init; }

    /// <summary>Name of the pool worker, e.g. <c>Worker-3</c>; null outside a pool.</summary>
    public string? Worker { get; init; }

    /// <summary>0-based index of the pool item under way; null outside a pool.</summary>
    public long? Item { get; init; }

    /// <summary>1-based number of the attempt at the item; null outside a pool. Default: that of the item under way, or 1.</summary>
    public int? Attempt { get; init; }

    /// <summary>Script and line that wrote it, e.g. <c>import.ps1:42</c>; null where the listener wants no callers.</summary>
    public string? Caller { get; init; }

    /// <summary>1-based number of the record at its client, without gaps; 0 until it is sent.</summary>
    public long Sequence { get; init; }

    /// <summary>The exception the record reports, if any.</summary>
    public ExceptionInfo? Exception { get; init; }

    /// <summary>Whether the streams of the listener's own session show it too.</summary>
    internal bool IsInStreams { get; init; }
}
