using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Sinks.Spool;

namespace QueueLog.Queue.Logs;

/// <summary>How a host logs while it works for a run.</summary>
internal sealed record HostLogOptions
{
    /// <summary>The host, as heartbeats and the log call it.</summary>
    public required string Host { get; init; }

    /// <summary>This life of the host: what the submitter asks for at the end.</summary>
    public required string Incarnation { get; init; }

    /// <summary>Name of the listener of its workers. Default: one that nobody else has.</summary>
    public string? Name { get; init; }

    /// <summary>Where hosts of this user keep their spools. Default: a folder that outlives a restart of the machine.</summary>
    public string Root { get; init; } = HostSpools.DefaultRoot;

    /// <summary>The lowest level that the submitter's listener writes. Default: Information.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether records are to say which place wrote them. Default: no.</summary>
    public bool IncludeCaller { get; init; }

    /// <summary>Bytes that wait for the queue at most; then writers wait.</summary>
    public long Capacity { get; init; } = RecordSpool.DefaultCapacity;

    /// <summary>How workers of this process ended. Default: nobody reports that.</summary>
    public KnownExits Exits { get; init; } = new();
}
