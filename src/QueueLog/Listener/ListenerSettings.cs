using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Listener;

/// <summary>What a user asks of a listener.</summary>
internal sealed record ListenerSettings
{
    /// <summary>Name of the listener. Default: made from the log's name and this process.</summary>
    public string? Name { get; init; }

    /// <summary>The log file; null for none.</summary>
    public RollingFileOptions? File { get; init; }

    /// <summary>How the file's entries are written. Default: lines by the template.</summary>
    public LogFormat Format { get; init; }

    /// <summary>Whether the file is left without the lines that tell its format. Default: no.</summary>
    public bool NoHeader { get; init; }

    /// <summary>Template of the file's lines where they are Text, and of the console's.</summary>
    public string Template { get; init; } = TemplateFormatter.DefaultTemplate;

    /// <summary>Lowest level written to the file. Default: Information.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether records are shown on standard error too. Default: no.</summary>
    public bool Console { get; init; }

    /// <summary>Template of the console's lines. Default: <see cref="Template"/>.</summary>
    public string? ConsoleTemplate { get; init; }

    /// <summary>Lowest level shown. Default: that of the file.</summary>
    public LogLevel? ConsoleMinimumLevel { get; init; }

    /// <summary>Where to write beside the file and the console. Default: nowhere.</summary>
    public IReadOnlyList<LogSink> Sinks { get; init; } = [];

    /// <summary>Whether records keep the place that wrote them also where no template shows it. Default: no.</summary>
    public bool IncludeCaller { get; init; }

    /// <summary>How many records of a kind are written. Default: all.</summary>
    public RecordLimit Limit { get; init; } = RecordLimit.None;

    /// <summary>What writers do without room. Default: they wait.</summary>
    public OverflowMode Overflow { get; init; }

    /// <summary>With <see cref="OverflowMode.DropBelow"/>: the lowest level that is not left out. Default: Warning.</summary>
    public LogLevel OverflowLevel { get; init; } = LogLevel.Warning;

    /// <summary>Whether a wait for the file ends only when the records have reached the disk itself. Default: no.</summary>
    public bool Durable { get; init; }

    /// <summary>Records of at least this level are brought to the disk at once. Default: none are.</summary>
    public LogLevel? SyncLevel { get; init; }
}
