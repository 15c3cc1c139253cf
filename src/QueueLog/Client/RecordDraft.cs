using QueueLog.Records;

namespace QueueLog.Client;

/// <summary>What a caller hands over to be logged.</summary>
internal readonly ref struct RecordDraft
{
    public LogLevel Level { get; init; }

    /// <summary>The text, or a template when there are arguments or properties.</summary>
    public string Message { get; init; }

    /// <summary>
    /// The template the message was made from, when its holes are filled already; empty when there was none. Null, the default:
    /// the message is the template.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>Values for the holes of the message, in order.</summary>
    public TemplateArguments Arguments { get; init; }

    /// <summary>Further named values; they also fill holes of their name.</summary>
    public IReadOnlyList<LogProperty>? Properties { get; init; }

    public string? Category { get; init; }

    /// <summary>Name of the process, where it is not that which the client has told; null, the default: it is.</summary>
    public string? Process { get; init; }

    public ExceptionInfo? Exception { get; init; }

    /// <summary>Script and line, or null.</summary>
    public string? Caller { get; init; }

    /// <summary>Whether the streams of the listener's own session show it too. Default: no.</summary>
    public bool IsInStreams { get; init; }
}
