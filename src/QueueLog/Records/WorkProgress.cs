namespace QueueLog.Records;

/// <summary>What crosses of a record of the progress stream.</summary>
internal sealed record WorkProgress
{
    public int ActivityId { get; init; }

    /// <summary>The activity above it, or -1.</summary>
    public int ParentId { get; init; } = -1;

    public string Activity { get; init; } = "";

    public string Status { get; init; } = "";

    /// <summary>What it is at now; empty for nothing said.</summary>
    public string Operation { get; init; } = "";

    /// <summary>0 to 100, or -1 for not known.</summary>
    public int Percent { get; init; } = -1;

    /// <summary>In seconds, or -1 for not known.</summary>
    public int SecondsRemaining { get; init; } = -1;

    public bool IsCompleted { get; init; }
}
