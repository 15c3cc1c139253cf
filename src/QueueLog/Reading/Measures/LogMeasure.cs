namespace QueueLog.Reading.Measures;

/// <summary>What is in logs, in numbers.</summary>
public sealed class LogMeasure
{
    internal LogMeasure()
    {
    }

    /// <summary>Entries that were read.</summary>
    public long Records { get; internal init; }

    /// <summary>Entries that are no records in the format of their file.</summary>
    public long Raw { get; internal init; }

    /// <summary>The earliest time.</summary>
    public DateTimeOffset? From { get; internal init; }

    /// <summary>The latest time.</summary>
    public DateTimeOffset? To { get; internal init; }

    /// <summary>Records of each level, the highest first.</summary>
    public IReadOnlyList<MeasuredGroup> Levels { get; internal init; } = [];

    /// <summary>Records of each process, most first.</summary>
    public IReadOnlyList<MeasuredGroup> Processes { get; internal init; } = [];

    /// <summary>Records of each category, most first.</summary>
    public IReadOnlyList<MeasuredGroup> Categories { get; internal init; } = [];

    /// <summary>Records of each minute, in order; their names are the writers' local times.</summary>
    public IReadOnlyList<MeasuredGroup> Minutes { get; internal init; } = [];

    /// <summary>Errors of one template, most first; without a template those of one text, whatever numbers are in it.</summary>
    public IReadOnlyList<MeasuredError> Errors { get; internal init; } = [];

    /// <summary>Items of pools by the time from their first record to their last, the slowest first.</summary>
    public IReadOnlyList<MeasuredItem> Items { get; internal init; } = [];
}
