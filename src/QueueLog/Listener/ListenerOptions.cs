using QueueLog.Records;
using QueueLog.Sinks;

namespace QueueLog.Listener;

/// <summary>What a listener needs to know.</summary>
internal sealed record ListenerOptions
{
    /// <summary>Name of the listener, unique among the user's.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the log, tokens included; null when there is none.</summary>
    public string? LogPath { get; init; }

    /// <summary>Where records go; disposed with the listener. Each is guarded.</summary>
    public required IReadOnlyList<SinkGuard> Sinks { get; init; }

    /// <summary>Lowest level any sink wants; clients keep back what is below it.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Information;

    /// <summary>How long a connection may stay without a greeting. Default 10 s.</summary>
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Batches received and not yet written before sessions stop reading. Default 64.</summary>
    public int InboxCapacity { get; init; } = 64;
}
