namespace QueueLog.Queue.Hosts;

/// <summary>What a host says of itself with each heartbeat: its entry in the table of hosts.</summary>
internal sealed record HostEntry : OwnedEntry<HostEntry>
{
    public required string Host { get; init; }

    /// <summary>This life of the host.</summary>
    public required string Incarnation { get; init; }

    public DateTimeOffset Started { get; init; }

    /// <summary>The operating system.</summary>
    public string Os { get; init; } = "";

    /// <summary>Version of the module.</summary>
    public string Version { get; init; } = "";

    /// <summary>Version of PowerShell.</summary>
    public string EngineVersion { get; init; } = "";

    /// <summary>How many items it runs at once.</summary>
    public int Slots { get; init; }

    /// <summary>How many chunks it has.</summary>
    public int Busy { get; init; }

    /// <summary>Whether it takes no more work.</summary>
    public bool IsStopping { get; init; }

    /// <summary>The runs it takes part in.</summary>
    public string[] Runs { get; init; } = [];

    /// <summary>The runs it does not take part in, and why.</summary>
    public HostRefusal[] Refuses { get; init; } = [];

    /// <summary>The chunks it has.</summary>
    public string[] Chunks { get; init; } = [];
}

/// <param name="Run">The run.</param>
/// <param name="Reason">Why the host takes no part in it.</param>
internal sealed record HostRefusal(string Run, string Reason);
