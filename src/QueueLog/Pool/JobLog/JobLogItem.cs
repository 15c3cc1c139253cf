using QueueLog.Records;

namespace QueueLog.Pool.JobLog;

/// <summary>A finished item, as its line in a job log tells of it.</summary>
internal sealed record JobLogItem
{
    /// <summary>Which input it was; null where the line does not say.</summary>
    public InputKey? Key { get; init; }

    public long Index { get; init; }

    public ItemStatus Status { get; init; }

    public int Attempt { get; init; }

    public string Worker { get; init; } = "";

    public int Pid { get; init; }

    public DateTimeOffset? Queued { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public TimeSpan? Duration { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>The text that the input is, or its JSON.</summary>
    public string Input { get; init; } = "";

    public IReadOnlyList<JobLogError> Errors { get; init; } = [];
}

/// <summary>An error of a finished item.</summary>
/// <param name="Message">What went wrong.</param>
/// <param name="Id">The id of the error.</param>
/// <param name="StackTrace">Where in the script; empty where the line does not say.</param>
internal readonly record struct JobLogError(string Message, string Id, string StackTrace);
