namespace QueueLog.Reading.Measures;

/// <summary>Records that have something in common.</summary>
public sealed class MeasuredGroup
{
    internal MeasuredGroup()
    {
    }

    /// <summary>What it is; empty for records that do not have it.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>How many there are.</summary>
    public long Count { get; internal init; }
}
