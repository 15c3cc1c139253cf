namespace QueueLog.Reporting;

/// <summary>What a record of a pool, or of its worker, says of an item.</summary>
/// <param name="Status">How the attempt ended; unknown where it says something else.</param>
/// <param name="IsOfPool">Whether the pool wrote it, and not the worker.</param>
internal sealed record ItemEvent(ReportStatus Status, bool IsOfPool)
{
    /// <summary>Ticks that it took; 0 where that is not said.</summary>
    public long Took { get; init; }

    /// <summary>What went wrong; empty where that is not said.</summary>
    public string Error { get; init; } = "";

    /// <summary>The item's input; empty where that is not said.</summary>
    public string Input { get; init; } = "";

    public bool IsStart => Status == ReportStatus.Unknown && !IsOfPool;
}
