using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.Listener;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Sinks;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.PowerShell.Commands;

/// <summary>Starts a listener: the owner of a log, which every process of this session writes to.</summary>
[Cmdlet(VerbsLifecycle.Start, "LogListener")]
[OutputType(typeof(LogListener))]
public sealed class StartLogListenerCommand : QueueLogCommand, IRollingParameters
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The log file. Tokens such as {Process} in it make one file for each value.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Name of the listener. Default: made from the log's name and the process.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>How the entries of the file are written. Default: as lines of text, by the template.</summary>
    [Parameter]
    public LogFormat Format { get; set; }

    /// <summary>How a line of text is made.</summary>
    [Parameter]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public string Template { get; set; } = TemplateFormatter.DefaultTemplate;

    /// <summary>Leave out the lines that tell the format: a template other than the default, the columns of Csv.</summary>
    [Parameter]
    public SwitchParameter NoHeader { get; set; }

    /// <summary>Lowest level written. Default: Information.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel MinimumLevel { get; set; } = LogLevel.Information;

    /// <summary>Records from this level on that are below -MinimumLevel are held back, and written when one of -FlushLevel follows in the same item. Default: none are.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel BufferLevel { get; set; }

    /// <summary>With -BufferLevel: the lowest level that has held back records written. Default: Error.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel FlushLevel { get; set; } = LogLevel.Error;

    /// <summary>Bytes in a file before a new one is begun, at least 1. Default: no limit.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(1, long.MaxValue)]
    public long MaxFileSize { get; set; }

    /// <summary>Begin a new file with each minute, hour, day, week or month. Default: no time-based rolling.</summary>
    [Parameter]
    public RollInterval RollInterval { get; set; }

    /// <summary>So many minutes, hours, days, weeks or months to a file, 1 (default) to 1000: -RollInterval Hour -RollEvery 6.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int RollEvery { get; set; } = 1;

    /// <summary>The time of day at which a day's file begins, such as 06:00. Default: midnight.</summary>
    [Parameter]
    [TimeOfDayTransformation]
    public TimeOnly RollAt { get; set; }

    /// <summary>Begin it by UTC. Default: by the local time.</summary>
    [Parameter]
    public SwitchParameter RollUtc { get; set; }

    /// <summary>What old files are called by: Number (default) or Date; or DateInName, a date in the name of every file.</summary>
    [Parameter]
    public RollNames RollNames { get; set; }

    /// <summary>Old files to keep beside the current one, 0 to 100000. Default: 5, or as many as MaxTotalSize and MaxAge leave.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int MaxFiles { get; set; } = 5;

    /// <summary>Most bytes of all files of the log together. Default: no limit.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(1, long.MaxValue)]
    public long MaxTotalSize { get; set; }

    /// <summary>How long ago an old file was written at most, such as 30d or 12h. Default: no limit.</summary>
    [Parameter]
    [AgeTransformation]
    public TimeSpan MaxAge { get; set; }

    /// <summary>Compress old files.</summary>
    [Parameter]
    public SwitchParameter Compress { get; set; }

    /// <summary>Discard what the file holds. Default: append.</summary>
    [Parameter]
    public SwitchParameter Overwrite { get; set; }

    /// <summary>Show the records on standard error too.</summary>
    [Parameter]
    public SwitchParameter Console { get; set; }

    /// <summary>How a line on the console is made. Default: as in the file.</summary>
    [Parameter]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public string? ConsoleTemplate { get; set; }

    /// <summary>Lowest level shown on the console. Default: as in the file.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel ConsoleMinimumLevel { get; set; }

    /// <summary>Where to write beside the file and the console: what New-LogSink gives.</summary>
    [Parameter]
    public LogSink[]? Sink { get; set; }

    /// <summary>Records for which Write-QueueLog -Wait waits have reached the disk itself when it returns, and rolls are synced.</summary>
    [Parameter]
    public SwitchParameter Durable { get; set; }

    /// <summary>Records of at least this level are brought to the disk itself as soon as they are written. Default: none are.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel SyncLevel { get; set; }

    /// <summary>What writers do while the log is so far behind that there is no room: Block (default), DropBelow or DropNewest.</summary>
    [Parameter]
    public OverflowMode Overflow { get; set; }

    /// <summary>With -Overflow DropBelow: the lowest level that is not left out. Default: Warning.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel OverflowLevel { get; set; } = LogLevel.Warning;

    /// <summary>Most records of a kind in a second, 0 (default) for no limit; what comes beyond that is left out, and the log says how much.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Limit { get; set; }

    /// <summary>What is a kind for -Limit: records of the same Template (default), or of the same Category.</summary>
    [Parameter]
    public LimitBy LimitBy { get; set; }

    /// <summary>The lowest level that -Limit never leaves out. Default: Error.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel LimitLevel { get; set; } = LogLevel.Error;

    /// <summary>Records keep the script and line that wrote them also where no template has {Caller}.</summary>
    [Parameter]
    public SwitchParameter IncludeCaller { get; set; }

    /// <summary>Stop a listener of this process that has the name or writes the file, and start anew.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Give the listener.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Starts it.</summary>
    protected override void EndProcessing()
    {
        var given = MyInvocation.BoundParameters;
        var console = Console || given.ContainsKey(nameof(ConsoleTemplate)) || given.ContainsKey(nameof(ConsoleMinimumLevel));
        if (Path is null && !console && Sink is not { Length: > 0 })
        {
            ThrowTerminatingError(LogErrors.NothingToWriteTo());
        }

        if (Format != LogFormat.Text && given.ContainsKey(nameof(Template)))
        {
            ThrowTerminatingError(LogErrors.TemplateNeedsText(Format));
        }

        LogTemplate.Check(this, given.ContainsKey(nameof(Template)) ? Template : null);
        LogTemplate.Check(this, given.ContainsKey(nameof(ConsoleTemplate)) ? ConsoleTemplate : null);
        var options = new ListenerOptions
        {
            Name = Name,
            File = RollingArguments.ToOptions(this),
            Format = Format,
            NoHeader = NoHeader,
            Template = Template,
            MinimumLevel = MinimumLevel,
            BufferLevel = given.ContainsKey(nameof(BufferLevel)) ? BufferLevel : null,
            FlushLevel = FlushLevel,
            Console = console,
            Screen = HostScreen.Of(Host),
            Colour = OutputRendering.WantsColours(this),
            ConsoleTemplate = given.ContainsKey(nameof(ConsoleTemplate)) ? ConsoleTemplate : null,
            ConsoleMinimumLevel = given.ContainsKey(nameof(ConsoleMinimumLevel)) ? ConsoleMinimumLevel : null,
            Sinks = Sink ?? [],
            IncludeCaller = IncludeCaller,
            Limit = new RecordLimit(Limit, LimitBy, LimitLevel),
            Exits = ModuleState.Exits,
            Durable = Durable,
            SyncLevel = given.ContainsKey(nameof(SyncLevel)) ? SyncLevel : null,
            Overflow = Overflow,
            OverflowLevel = OverflowLevel,
        };
        var listener = Start(options);
        ModuleState.Add(listener, options);
        if (PassThru)
        {
            Views.Load();
            WriteObject(listener);
        }
    }

    // A script that was stopped, by Ctrl+C say, and is run again in the same session finds the listener of its first run.
    private LogListener? Reuse(ListenerOptions options)
    {
        while (ModuleState.FindRival(options) is { } rival)
        {
            if (Force)
            {
                Stop(rival.Listener, StopTimeout);
            }
            else if (rival.IsSame)
            {
                WriteWarning(LogWarnings.ListenerRuns(rival.Listener));
                return rival.Listener;
            }
            else
            {
                ThrowTerminatingError(LogErrors.ListenerOfThisProcess(rival.Listener, options));
            }
        }

        return null;
    }

    private LogListener Start(ListenerOptions options)
    {
        try
        {
            if (Reuse(options) is { } running)
            {
                return running;
            }

            var starting = Task.Run(() => ListenerFactory.StartAsync(options));
            Wait(starting);
            return starting.Result;
        }
        catch (Exception e) when (ListenerStartErrors.Of(e, options) is { } error)
        {
            ThrowTerminatingError(error);
            throw;
        }
    }
}
