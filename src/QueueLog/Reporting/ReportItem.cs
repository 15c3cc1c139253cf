using QueueLog.Records;

namespace QueueLog.Reporting;

/// <summary>An attempt at an item: a bar in its worker's lane.</summary>
internal sealed record ReportItem
{
    public required long Index { get; init; }

    /// <summary>Number of its lane; of its worker's name until there are lanes; -1 if it never came to a worker, and where it may be of several lanes.</summary>
    public required int Lane { get; init; }

    public int Pid { get; init; }

    /// <summary>What became of it. A failure is a retry once the item is seen to have been run again.</summary>
    public required ReportStatus Status { get; set; }

    public int Attempt { get; init; } = 1;

    /// <summary>When it began, in UTC ticks.</summary>
    public required long Start { get; set; }

    /// <summary>When it ended; before the begin where the clock was put back meanwhile.</summary>
    public required long End { get; set; }

    /// <summary>Whether its times are known.</summary>
    public bool IsTimed { get; init; } = true;

    public string Input { get; init; } = "";

    public int? ExitCode { get; init; }

    /// <summary>What went wrong; empty where nothing did.</summary>
    public string Error { get; init; } = "";

    public string ErrorId { get; init; } = "";

    /// <summary>Where in the script.</summary>
    public string StackTrace { get; init; } = "";

    public bool IsFailure => Status is ReportStatus.Failed or ReportStatus.TimedOut or ReportStatus.Crashed;

    public static ReportStatus StatusOf(ItemStatus status) => (ReportStatus)status;
}

/// <summary>What became of an attempt: the statuses of items, and what only a report has to tell apart.</summary>
internal enum ReportStatus
{
    Completed = ItemStatus.Completed,
    Failed = ItemStatus.Failed,
    TimedOut = ItemStatus.TimedOut,
    Crashed = ItemStatus.Crashed,
    Stopped = ItemStatus.Stopped,
    Skipped = ItemStatus.Skipped,

    /// <summary>It failed, and the item was tried again.</summary>
    Retried,

    /// <summary>The log tells of it and the job log does not: the run, or the job log, ended before.</summary>
    Unfinished,

    /// <summary>There is no job log that would say.</summary>
    Unknown,
}
