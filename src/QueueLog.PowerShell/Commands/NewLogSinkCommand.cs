using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Sinks;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.PowerShell.Commands;

/// <summary>Describes a place where a listener is to write beside its log, for Start-LogListener -Sink.</summary>
[Cmdlet(VerbsCommon.New, "LogSink", DefaultParameterSetName = PathSet)]
[OutputType(typeof(LogSink))]
public sealed class NewLogSinkCommand : PSCmdlet, IRollingParameters
{
    private const string PathSet = "Path";
    private const string ConsoleSet = "Console";
    private const string ScriptSet = "ScriptBlock";
    private const string LoggerSet = "Logger";

    /// <summary>A file. Tokens such as {Process} in the path make one file for each value.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Standard error.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ConsoleSet)]
    public SwitchParameter Console { get; set; }

    /// <summary>A script block, which runs in a session of its own for each record: $_, and its first argument. One whose first parameter is an array gets many at once.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ScriptSet)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>An ILogger or ILoggerFactory of Microsoft.Extensions.Logging.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LoggerSet)]
    public object Logger { get; set; } = null!;

    /// <summary>What reports call it. Default: its path, or what it is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Lowest level it gets. Default: that of the listener.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel MinimumLevel { get; set; }

    /// <summary>Says of a record, $_, whether the sink gets it.</summary>
    [Parameter]
    public ScriptBlock? Filter { get; set; }

    /// <summary>How its entries are written. Default: as the listener's in a file, as lines of text on a console.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ConsoleSet)]
    public LogFormat Format { get; set; }

    /// <summary>How a line of text is made. Default: as the listener's.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ConsoleSet)]
    [AllowEmptyString]
    public string? Template { get; set; }

    /// <summary>Leave out the lines that tell the format.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public SwitchParameter NoHeader { get; set; }

    /// <summary>Bytes in a file before a new one is begun, at least 1. Default: no limit.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [SizeTransformation]
    [ValidateRange(1, long.MaxValue)]
    public long MaxFileSize { get; set; }

    /// <summary>Begin a new file with each minute, hour, day, week or month. Default: no time-based rolling.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public RollInterval RollInterval { get; set; }

    /// <summary>So many minutes, hours, days, weeks or months to a file, 1 (default) to 1000: -RollInterval Hour -RollEvery 6.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateRange(1, 1000)]
    public int RollEvery { get; set; } = 1;

    /// <summary>The time of day at which a day's file begins, such as 06:00. Default: midnight.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [TimeOfDayTransformation]
    public TimeOnly RollAt { get; set; }

    /// <summary>Begin it by UTC. Default: by the local time.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public SwitchParameter RollUtc { get; set; }

    /// <summary>What old files are called by: Number (default) or Date; or DateInName, a date in the name of every file.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public RollNames RollNames { get; set; }

    /// <summary>Old files to keep beside the current one, 0 to 100000. Default: 5, or as many as MaxTotalSize and MaxAge leave.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateRange(0, 100_000)]
    public int MaxFiles { get; set; } = 5;

    /// <summary>Most bytes of all files of the log together. Default: no limit.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [SizeTransformation]
    [ValidateRange(1, long.MaxValue)]
    public long MaxTotalSize { get; set; }

    /// <summary>How long ago an old file was written at most, such as 30d or 12h. Default: no limit.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [AgeTransformation]
    public TimeSpan MaxAge { get; set; }

    /// <summary>Compress old files.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public SwitchParameter Compress { get; set; }

    /// <summary>Discard what the file holds. Default: append.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public SwitchParameter Overwrite { get; set; }

    /// <summary>Bytes of records that wait for it before it is behind, 64 KB to 1 GB. Default: 8 MB.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(64 * 1024, 1024 * 1024 * 1024)]
    public int QueueSize { get; set; } = LogSink.DefaultQueueSize;

    /// <summary>Gives the description.</summary>
    protected override void EndProcessing()
    {
        var given = MyInvocation.BoundParameters;
        CheckTemplate();
        var file = RollingArguments.ToOptions(this);
        Views.Load();
        WriteObject(new LogSink
        {
            Name = Name ?? file?.Path ?? Kind.ToString().ToLowerInvariant(),
            Kind = Kind,
            File = file,
            MinimumLevel = given.ContainsKey(nameof(MinimumLevel)) ? MinimumLevel : null,
            Format = given.ContainsKey(nameof(Format)) ? Format : null,
            NoHeader = NoHeader,
            Template = given.ContainsKey(nameof(Template)) ? Template : null,
            Filter = Filter?.ToString(),
            ScriptBlock = ParameterSetName == ScriptSet ? ScriptBlock.ToString() : null,
            Logger = ParameterSetName == LoggerSet ? Logger : null,
            QueueSize = QueueSize,
            OpenCode = ReadCode(),
        });
    }

    private SinkKind Kind => ParameterSetName switch
    {
        PathSet => SinkKind.File,
        ConsoleSet => SinkKind.Console,
        ScriptSet => SinkKind.Script,
        _ => SinkKind.Logger,
    };

    // Here and not at the listener: the error then names the right command.
    private void CheckTemplate()
    {
        if (Template is not null && Format != LogFormat.Text)
        {
            ThrowTerminatingError(LogErrors.TemplateNeedsText(Format));
        }

        LogTemplate.Check(this, Template);
    }

    private Func<SinkCodeSession>? ReadCode()
    {
        var receiver = ParameterSetName == LoggerSet ? SinkLogger.ToReceiver(this, Logger) : null;
        var script = ParameterSetName == ScriptSet ? ScriptBlock : null;
        if (script is null && Filter is null)
        {
            return receiver is null ? null : () => new SinkCodeSession(null, new ReceiverConsumer(receiver), null, null);
        }

        if (SinkScripts.Read(SessionState, script, Filter, out var scripts) is { } error)
        {
            ThrowTerminatingError(error);
        }

        return receiver is null ? scripts.Open : () => scripts.Open() with { Consumer = new ReceiverConsumer(receiver) };
    }
}
