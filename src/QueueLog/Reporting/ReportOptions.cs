using QueueLog.Reading;

namespace QueueLog.Reporting;

/// <summary>What a report is made from.</summary>
internal sealed record ReportOptions
{
    /// <summary>Null for the name of the first file.</summary>
    public string? Title { get; init; }

    /// <summary>Full paths of logs.</summary>
    public IReadOnlyList<string> Logs { get; init; } = [];

    /// <summary>Full paths of job logs.</summary>
    public IReadOnlyList<string> JobLogs { get; init; } = [];

    /// <summary>How the logs are read.</summary>
    public LogQuery Query { get; init; } = new();

    /// <summary>Bytes that records may take: a third each for errors, for warnings and what failed items wrote, and for the rest.</summary>
    public long RecordBudget { get; init; } = 7_500_000;

    /// <summary>Items that are kept besides those that failed.</summary>
    public int MostItems { get; init; } = 120_000;

    /// <summary>Bytes of inputs and errors, of the items that failed and of the others; beyond these they are shortened.</summary>
    public long TextBudget { get; init; } = 2_000_000;

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
