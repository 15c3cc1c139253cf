using QueueLog.Pool.Scheduling;

namespace QueueLog.Pool;

/// <summary>How the items of a run are treated.</summary>
internal sealed record RunOptions
{
    /// <summary>How long code may take to stop where nothing else is asked for.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(2);

    /// <summary>How long an item may run before it is stopped. Default: as long as it likes.</summary>
    public TimeSpan? ItemTimeout { get; init; }

    /// <summary>How long the run may take. Then its items are stopped, and no others begun. Default: as long as it likes.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>How long an item that was asked to stop may take to do so. Beyond it its process is killed, with all it started. Default: 2 s.</summary>
    public TimeSpan Grace { get; init; } = DefaultGrace;

    /// <summary>Which items are tried again. Default: none.</summary>
    public RetryRule Retry { get; init; } = new();

    /// <summary>When failed items end the run. Default: never.</summary>
    public HaltRule Halt { get; init; } = HaltRule.None;

    /// <summary>How far behind the first item that has not ended others are begun. Default: any distance; set where results are to come in order.</summary>
    public long Window { get; init; } = long.MaxValue;

    /// <summary>Whether each end of an item is told to the run's reader, and not only what went wrong. Default: no.</summary>
    public bool ReportsEnds { get; init; }

    /// <summary>Whether the session that has the listener shows the streams of the items as they come. Default: no.</summary>
    public bool ShowsStreams { get; init; }

    /// <summary>Whether the events' reader waits for them on a thread of its own: it is woken without the thread pool then. Default: no.</summary>
    public bool ReaderBlocks { get; init; }
}
