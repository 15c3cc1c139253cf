using QueueLog.Diagnostics;
using QueueLog.Records;

namespace QueueLog.Queue.Submission;

/// <summary>Settings of a pool whose workers are on the hosts of a queue.</summary>
internal sealed record QueuePoolOptions
{
    /// <summary>The pool's name, and its job's.</summary>
    public required string Name { get; init; }

    /// <summary>Of the module.</summary>
    public required Version Version { get; init; }

    /// <summary>Address of the listener whose log gets the hosts' records; null for none.</summary>
    public string? ListenerAddress { get; init; }

    /// <summary>The lowest level that hosts send. Default: Information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether records are to say which place wrote them. Default: no.</summary>
    public bool IncludeCaller { get; init; }

    /// <summary>Wildcard patterns of the hosts that may take part. Default: all.</summary>
    public string[] On { get; init; } = [];

    /// <summary>How long a host may be silent before it counts as dead. Default: 60 s.</summary>
    public TimeSpan HostTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a host may take to begin. Default: 30 s.</summary>
    public TimeSpan HostWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for a host to appear where each that is there refuses the run, or none is there. Default: 5 s.</summary>
    public TimeSpan CandidateWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait, at the end, for what hosts have still to send. Default: 30 s.</summary>
    public TimeSpan EndTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether it goes on with the run of a pool of the same name whose process has died. Default: no.</summary>
    public bool Resumes { get; init; }

    /// <summary>Whether it runs those of its items again that failed. Default: no.</summary>
    public bool RetriesFailed { get; init; }

    public long MaxItemsPerWorker { get; init; } = long.MaxValue;

    public long MaxWorkerMemory { get; init; } = long.MaxValue;

    /// <summary>Gives the text of an input, for the log.</summary>
    public Func<object?, string> DescribeItem { get; init; } = static input => input?.ToString() ?? "";

    /// <summary>Gives the file of the listener; null where there is none.</summary>
    public Func<string?> LogPath { get; init; } = static () => null;

    /// <summary>Is told of troubles. Default: nobody.</summary>
    public FailureLog Failures { get; init; } = new();

    /// <summary>How often it says that it lives. Default: 5 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
