using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;

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

    /// <summary>The sink that shows records on standard error, if it is one of them.</summary>
    public SinkGuard? ConsoleSink { get; init; }

    /// <summary>Level of the sinks that have none of their own. Default: Information.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether records are to say which place wrote them, even if no sink shows it as it is. Default: no.</summary>
    public bool IncludeCaller { get; init; }

    /// <summary>How many records of a kind are written. Default: all.</summary>
    public RecordLimit Limit { get; init; } = RecordLimit.None;

    /// <summary>The clock of the limit.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The log's journals, the listener's own first; empty for none. Disposed with the listener.</summary>
    public IReadOnlyList<JournalFolder> Journals { get; init; } = [];

    /// <summary>Rings that were there before this listener: what they hold is written first.</summary>
    public IReadOnlyList<RingReader> LeftRings { get; init; } = [];

    /// <summary>Why rings that were there could not be read, one by one: the log says so.</summary>
    public IReadOnlyList<string> UnreadableRings { get; init; } = [];

    /// <summary>Bytes of a client's ring; a power of two. Default 1 MiB.</summary>
    public int RingCapacity { get; init; } = RingWriter.DefaultCapacity;

    /// <summary>What writers do without room. Default: they wait.</summary>
    public OverflowMode Overflow { get; init; }

    /// <summary>With <see cref="OverflowMode.DropBelow"/>: the lowest level that is not left out. Default: Warning.</summary>
    public LogLevel OverflowLevel { get; init; } = LogLevel.Warning;

    /// <summary>Whether a flush is answered only when the records have reached the disk itself. Default: no.</summary>
    public bool Durable { get; init; }

    /// <summary>A batch with a record of at least this level is brought to the disk at once. Default: none is.</summary>
    public LogLevel? SyncLevel { get; init; }

    /// <summary>Those of the sinks that stand behind a queue.</summary>
    public IEnumerable<QueuedSink> QueuedSinks => Sinks.Select(sink => sink.Sink).OfType<QueuedSink>();

    /// <summary>The checkpoint of the listener's own journal.</summary>
    public Checkpoint? Checkpoint => Journals.Count > 0 ? Journals[0].Checkpoint : null;

    /// <summary>How long a connection may stay without a greeting: as long as a busy machine may keep a process from running. Default 60 s.</summary>
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Batches received over pipes and not yet written before sessions stop reading. Default 64.</summary>
    public int EventCapacity { get; init; } = 64;
}
