using QueueLog.Records;
using QueueLog.Sinks.Queued;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Sinks;

/// <summary>What <c>New-LogSink</c> describes: a place where a listener is to write beside its log. The listener makes it.</summary>
public sealed class LogSink
{
    // Some seventy thousand records of the usual length.
    internal const int DefaultQueueSize = 8 * 1024 * 1024;

    internal LogSink()
    {
    }

    /// <summary>What reports call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public SinkKind Kind { get; internal init; }

    /// <summary>Full path of its file, tokens included; null where it is no file.</summary>
    public string? Path => File?.Path;

    /// <summary>The least level it gets; null for that of the listener.</summary>
    public LogLevel? MinimumLevel { get; internal init; }

    /// <summary>How its entries are written; null for as the listener's.</summary>
    public LogFormat? Format { get; internal init; }

    /// <summary>Whether the file is left without the lines that tell its format.</summary>
    public bool NoHeader { get; internal init; }

    /// <summary>How a line is made; null for that of the listener.</summary>
    public string? Template { get; internal init; }

    /// <summary>The script block that says which records it gets; null for all.</summary>
    public string? Filter { get; internal init; }

    /// <summary>The script block that gets the records.</summary>
    public string? ScriptBlock { get; internal init; }

    /// <summary>The logger or logger factory that gets the records.</summary>
    public object? Logger { get; internal init; }

    /// <summary>Most bytes that wait for it.</summary>
    public int QueueSize { get; internal init; } = DefaultQueueSize;

    /// <summary>Most bytes in a file; null for no limit.</summary>
    public long? MaxFileSize => File?.MaxFileSize;

    /// <summary>By which time a file is begun; null for none.</summary>
    public RollInterval? RollInterval => File?.RollInterval;

    /// <summary>How many old files are kept.</summary>
    public int? MaxFiles => File?.MaxFiles;

    /// <summary>Most bytes of all its files; null for no limit.</summary>
    public long? MaxTotalSize => File?.MaxTotalSize;

    /// <summary>How long ago an old file was written at most; null for no limit.</summary>
    public TimeSpan? MaxAge => File?.MaxAge;

    /// <summary>Whether old files are compressed.</summary>
    public bool Compress => File is { Compress: true };

    /// <summary>Whether what a former run left in the file is discarded.</summary>
    public bool Overwrite => File is { Overwrite: true };

    internal RollingFileOptions? File { get; init; }

    /// <summary>Opens what runs the user's code, once for each listener; null where there is none.</summary>
    internal Func<SinkCodeSession>? OpenCode { get; init; }

    /// <summary>Whether another description makes the same of the same records. Of scripts, the text is compared.</summary>
    internal bool IsSame(LogSink other) =>
        (Name, Kind, File, MinimumLevel, Format, NoHeader, Template) == (other.Name, other.Kind, other.File, other.MinimumLevel, other.Format, other.NoHeader, other.Template)
        && (Filter, ScriptBlock, QueueSize) == (other.Filter, other.ScriptBlock, other.QueueSize)
        && ReferenceEquals(Logger, other.Logger);
}

/// <summary>What a sink is.</summary>
public enum SinkKind
{
    /// <summary>A file that rolls, or one for each value of a token in its path.</summary>
    File,

    /// <summary>Standard error.</summary>
    Console,

    /// <summary>A script block.</summary>
    Script,

    /// <summary>A logger of Microsoft.Extensions.Logging.</summary>
    Logger,
}
