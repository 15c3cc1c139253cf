namespace QueueLog.Records;

/// <summary>What crosses of an error: texts, so that the parent needs none of the worker's types.</summary>
internal sealed record WorkError
{
    public string ExceptionType { get; init; } = "";

    public string Message { get; init; } = "";

    public string ErrorId { get; init; } = "";

    /// <summary>Number of the error category.</summary>
    public int Category { get; init; }

    public string Activity { get; init; } = "";

    public string Reason { get; init; } = "";

    public string TargetName { get; init; } = "";

    public string TargetType { get; init; } = "";

    public string ScriptStackTrace { get; init; } = "";

    public string PositionMessage { get; init; } = "";

    /// <summary>Text that replaces the message when the error is shown; empty for none.</summary>
    public string Details { get; init; } = "";

    public string RecommendedAction { get; init; } = "";

    /// <summary>The encoded target object; empty when the error has none.</summary>
    public byte[] Target { get; init; } = [];
}
