namespace QueueLog.PowerShell;

/// <summary>A host of a queue: what <c>Get-WorkerHost</c> gives.</summary>
public sealed class HostStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Running, or Stopping: it takes no more work.</summary>
    public required string State { get; init; }

    /// <summary>How many items it runs at once.</summary>
    public required int Slots { get; init; }

    /// <summary>How many parcels of work it has at present.</summary>
    public required int Busy { get; init; }

    /// <summary>The runs that it works for.</summary>
    public required string[] Runs { get; init; }

    /// <summary>The runs that it takes no part in, and why.</summary>
    public required HostRefusalStatus[] Refuses { get; init; }

    /// <summary>Its machine.</summary>
    public required string Machine { get; init; }

    /// <summary>Its process there.</summary>
    public required int Pid { get; init; }

    /// <summary>Since when it runs.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The operating system.</summary>
    public required string Os { get; init; }

    /// <summary>Version of QueueLog: only runs of the same major and minor one are worked for.</summary>
    public required string Version { get; init; }

    /// <summary>Version of PowerShell.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Version of the queue's nats-server.</summary>
    public required Version ServerVersion { get; init; }

    /// <summary>Whether that server writes to the disk before it acknowledges, so that a loss of power loses nothing; null where that is not known.</summary>
    public bool? ServerSyncsAlways { get; init; }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}

/// <summary>A run that a host takes no part in.</summary>
public sealed class HostRefusalStatus
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The run, and why.</summary>
    public override string ToString() => $"{Run}: {Reason}";
}
