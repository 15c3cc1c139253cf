using QueueLog.Reading.Checks;
using QueueLog.Records;

namespace QueueLog.Reporting;

/// <summary>All that is told of a run: what a page or a trace of it is made from. Bounded, however long the run was.</summary>
internal sealed class RunReport
{
    public const int LevelCount = (int)LogLevel.Critical + 1;

    public required string Title { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>The files it was made from.</summary>
    public required IReadOnlyList<ReportSource> Sources { get; init; }

    /// <summary>What is missing, thinned out or odd, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The first and the last moment, in UTC ticks; the same where there is none.</summary>
    public required long From { get; init; }

    public required long To { get; init; }

    /// <summary>The offset from UTC of the run's own times.</summary>
    public required int OffsetMinutes { get; init; }

    /// <summary>Items by their last status: those of the job log; of a log alone those it tells of.</summary>
    public required IReadOnlyDictionary<ReportStatus, long> Statuses { get; init; }

    /// <summary>Attempts beyond the first.</summary>
    public required long Retries { get; init; }

    /// <summary>Records by level.</summary>
    public required IReadOnlyList<long> Levels { get; init; }

    /// <summary>Lines that are no records.</summary>
    public required long RawLines { get; init; }

    public required IReadOnlyList<ReportLane> Lanes { get; init; }

    /// <summary>Attempts at items, in order of their begin.</summary>
    public required IReadOnlyList<ReportItem> Items { get; init; }

    /// <summary>Records, in the order they were read.</summary>
    public required IReadOnlyList<ReportRecord> Records { get; init; }

    /// <summary>The commonest first.</summary>
    public required IReadOnlyList<FailureGroup> Failures { get; init; }

    /// <summary>What Test-QueueLog says of the logs.</summary>
    public required IReadOnlyList<CheckResult> Audit { get; init; }

    public required TimeBuckets Timeline { get; init; }

    public required DurationSummary Durations { get; init; }

    /// <summary>Whether there is nothing to tell.</summary>
    public bool IsEmpty => Items.Count == 0 && Levels.Sum() == 0;

    public long Ended => Statuses.Where(status => status.Key <= ReportStatus.Skipped).Sum(status => status.Value);
}

/// <summary>A file that a report was made from.</summary>
/// <param name="Kind">log or job log.</param>
/// <param name="Path">Full path.</param>
internal readonly record struct ReportSource(string Kind, string Path);
