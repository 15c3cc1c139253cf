using QueueLog.Journal;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;

namespace QueueLog.Listener;

/// <summary>What was opened for a listener, which owns it from its start on.</summary>
internal sealed record ListenerParts
{
    /// <summary>Name of the listener.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the log, tokens included; null when there is none.</summary>
    public string? LogPath { get; init; }

    /// <summary>Where records go; disposed with the listener. Each is guarded.</summary>
    public required IReadOnlyList<SinkGuard> Sinks { get; init; }

    /// <summary>The sink that shows records on standard error, if it is one of them.</summary>
    public SinkGuard? ConsoleSink { get; init; }

    /// <summary>The log's journals, the listener's own first; empty for none. Disposed with the listener.</summary>
    public IReadOnlyList<JournalFolder> Journals { get; init; } = [];

    /// <summary>Rings that were there before this listener: what they hold is written first.</summary>
    public IReadOnlyList<RingReader> LeftRings { get; init; } = [];

    /// <summary>Why rings that were there could not be read, one by one: the log says so.</summary>
    public IReadOnlyList<string> UnreadableRings { get; init; } = [];

    /// <summary>How far the log has the records of other machines.</summary>
    public FeedPositions Feeds { get; init; } = new(folder: null);

    /// <summary>Those of the sinks that stand behind a queue.</summary>
    public IEnumerable<QueuedSink> QueuedSinks => Sinks.Select(sink => sink.Sink).OfType<QueuedSink>();

    /// <summary>The checkpoint of the listener's own journal.</summary>
    public Checkpoint? Checkpoint => Journals.Count > 0 ? Journals[0].Checkpoint : null;
}
