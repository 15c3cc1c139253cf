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

    /// <summary>Where in a script it happened; null when that is not known.</summary>
    public WorkErrorPosition? Position { get; init; }

    /// <summary>The encoded exception with its own properties; empty when it cannot be encoded.</summary>
    public byte[] Exception { get; init; } = [];

    /// <summary>Text that replaces the message when the error is shown; empty for none.</summary>
    public string Details { get; init; } = "";

    public string RecommendedAction { get; init; } = "";

    /// <summary>The encoded target object; empty when the error has none.</summary>
    public byte[] Target { get; init; } = [];
}

/// <summary>A piece of a script, with the lines that it begins and ends in.</summary>
internal sealed record WorkErrorPosition(string File, int StartLine, int StartColumn, int EndLine, int EndColumn, string StartText, string EndText);
