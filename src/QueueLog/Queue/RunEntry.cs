using QueueLog.Records;

namespace QueueLog.Queue;

/// <summary>What a submitter says of its run to all hosts: the run's entry in the table of runs.</summary>
internal sealed record RunEntry : OwnedEntry<RunEntry>
{
    /// <summary>Name of the blob that has the work's definition.</summary>
    public const string DefinitionBlob = "definition";

    /// <summary>Name of the submitter's pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Version of the submitter's module.</summary>
    public required string Version { get; init; }

    /// <summary>This life of the submitter.</summary>
    public required string Submitter { get; init; }

    public HostedRunState State { get; init; }

    /// <summary>Wildcard patterns of the hosts that may take part; none for all.</summary>
    public string[] On { get; init; } = [];

    /// <summary>How long an item may run.</summary>
    public TimeSpan? ItemTimeout { get; init; }

    /// <summary>How long an item that was asked to stop may take to do so.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>The lowest level that hosts are to send of; null when they are to send no records.</summary>
    public LogLevel? LogLevel { get; init; }

    public bool IncludeCaller { get; init; }

    public bool ShowsStreams { get; init; }

    public long MaxItemsPerWorker { get; init; } = long.MaxValue;

    public long MaxWorkerMemory { get; init; } = long.MaxValue;

    /// <summary>The items that were last asked to stop.</summary>
    public ItemStop[] Stops { get; init; } = [];

    /// <summary>Grows with each time the submitter says that it lives.</summary>
    public long Beat { get; init; }

    /// <summary>When it last did, by its own clock: for ages of days.</summary>
    public DateTimeOffset Alive { get; init; }
}

/// <summary>An item is to stop, if it is under way.</summary>
/// <param name="Number">Tells it from an earlier one of the same item.</param>
/// <param name="Item">What hosts call the item.</param>
internal readonly record struct ItemStop(long Number, long Item);

/// <summary>What hosts are to do with a run.</summary>
internal enum HostedRunState
{
    /// <summary>Work for it.</summary>
    Open,

    /// <summary>Finish the items under way, and begin no others.</summary>
    HaltingSoon,

    /// <summary>Stop the items under way, and begin no others.</summary>
    HaltingNow,

    /// <summary>End: all items have ended.</summary>
    Ending,
}
