namespace QueueLog.Reading.Measures;

/// <summary>Errors of one kind.</summary>
public sealed class MeasuredError
{
    internal MeasuredError()
    {
    }

    /// <summary>How many there are.</summary>
    public long Count { get; internal set; }

    /// <summary>Their template, or their text with <c>#</c> for numbers.</summary>
    public string Template { get; internal init; } = "";

    /// <summary>Type of the first one's exception.</summary>
    public string? ExceptionType { get; internal init; }

    /// <summary>When the first was written.</summary>
    public DateTimeOffset? First { get; internal set; }

    /// <summary>When the last was written.</summary>
    public DateTimeOffset? Last { get; internal set; }

    /// <summary>Message of the first one that was read.</summary>
    public string Message { get; internal init; } = "";
}
