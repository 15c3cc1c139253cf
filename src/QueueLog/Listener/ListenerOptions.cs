using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Sinks.Spool;

namespace QueueLog.Listener;

/// <summary>What a user asks of a listener. One that runs goes by others from when it is given them.</summary>
internal sealed record ListenerOptions
{
    /// <summary>Name of the listener, unique among the user's. Default: made from the log's name and this process.</summary>
    public string? Name { get; init; }

    /// <summary>The log file; null for none.</summary>
    public RollingFileOptions? File { get; init; }

    /// <summary>Where a machine that works for a queue keeps its records, in place of a file; null for none.</summary>
    public RecordSpool? Spool { get; init; }

    /// <summary>How the file's entries are written. Default: lines by the template.</summary>
    public LogFormat Format { get; init; }

    /// <summary>Whether the file is left without the lines that tell its format. Default: no.</summary>
    public bool NoHeader { get; init; }

    /// <summary>Template of the file's lines where they are Text, and of the console's.</summary>
    public string Template { get; init; } = TemplateFormatter.DefaultTemplate;

    /// <summary>Level of the sinks that have none of their own; can be changed. Default: Information.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Information;

    /// <summary>
    /// Records from this level up to the lowest of the sinks are held back by their writers, and written when one of <see cref="FlushLevel"/>
    /// follows in the same item. Default: null, none are.
    /// </summary>
    public LogLevel? BufferLevel { get; init; }

    /// <summary>With <see cref="BufferLevel"/>: the lowest level that has them written. Default: Error.</summary>
    public LogLevel FlushLevel { get; init; } = LogLevel.Error;

    /// <summary>Whether records are shown on standard error too. Default: no.</summary>
    public bool Console { get; init; }

    /// <summary>Where consoles write: the screen on which the session shows its streams, too. Default: standard error.</summary>
    public Stream? Screen { get; init; }

    /// <summary>Whether consoles are coloured. Default: null, where standard error is a terminal that wants it.</summary>
    public bool? Colour { get; init; }

    /// <summary>Template of the console's lines. Default: <see cref="Template"/>.</summary>
    public string? ConsoleTemplate { get; init; }

    /// <summary>Lowest level shown; can be changed. Default: that of the file.</summary>
    public LogLevel? ConsoleMinimumLevel { get; init; }

    /// <summary>Where to write beside the file and the console. Default: nowhere.</summary>
    public IReadOnlyList<LogSink> Sinks { get; init; } = [];

    /// <summary>Whether records are to say which place wrote them, even if no sink shows it as it is. Default: no.</summary>
    public bool IncludeCaller { get; init; }

    /// <summary>How many records of a kind are written; can be changed. Default: all.</summary>
    public RecordLimit Limit { get; init; } = RecordLimit.None;

    /// <summary>The clock of the limit.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How those clients ended that are children of this process. Default: nobody reports that.</summary>
    public KnownExits Exits { get; init; } = new();

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

    /// <summary>How long a connection may stay without a greeting: as long as a busy machine may keep a process from running. Default 60 s.</summary>
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Batches received over pipes and not yet written before sessions stop reading. Default 64.</summary>
    public int EventCapacity { get; init; } = 64;
}
