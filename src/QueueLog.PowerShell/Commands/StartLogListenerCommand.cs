using System.Globalization;
using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Transport;

namespace QueueLog.PowerShell.Commands;

/// <summary>Starts a listener: the owner of a log, which every process of this session writes to.</summary>
[Cmdlet(VerbsLifecycle.Start, "LogListener")]
[OutputType(typeof(LogListener))]
public sealed class StartLogListenerCommand : QueueLogCommand
{
    /// <summary>The log file. Tokens such as {Process} in it make one file for each value.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Name of the listener. Default: made from the log's name and the process.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>How a line is made.</summary>
    [Parameter]
    [AllowEmptyString]
    public string Template { get; set; } = TemplateFormatter.DefaultTemplate;

    /// <summary>Lowest level written. Default: Information.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel MinimumLevel { get; set; } = LogLevel.Information;

    /// <summary>Bytes in a file before a new one is begun, at least 1. Default: no limit.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MaxFileSize { get; set; }

    /// <summary>Old files to keep beside the current one, 0 to 100000. Default: 5.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int MaxFiles { get; set; } = 5;

    /// <summary>Discard what the file holds. Default: append.</summary>
    [Parameter]
    public SwitchParameter Overwrite { get; set; }

    /// <summary>Show the records on standard error too.</summary>
    [Parameter]
    public SwitchParameter Console { get; set; }

    /// <summary>How a line on the console is made. Default: as in the file.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? ConsoleTemplate { get; set; }

    /// <summary>Lowest level shown on the console. Default: as in the file.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel ConsoleMinimumLevel { get; set; }

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

    /// <summary>Starts it.</summary>
    protected override void EndProcessing()
    {
        var given = MyInvocation.BoundParameters;
        var console = Console || given.ContainsKey(nameof(ConsoleTemplate)) || given.ContainsKey(nameof(ConsoleMinimumLevel));
        if (Path is null && !console)
        {
            ThrowTerminatingError(Errors.NothingToWriteTo());
        }

        var settings = new ListenerSettings
        {
            Name = Name,
            File = Path is null ? null : new RollingFileOptions
            {
                Path = Resolve(Path),
                MaxFileSize = given.ContainsKey(nameof(MaxFileSize)) ? MaxFileSize : null,
                MaxFiles = MaxFiles,
                Overwrite = Overwrite,
            },
            Template = Template,
            MinimumLevel = MinimumLevel,
            Console = console,
            ConsoleTemplate = given.ContainsKey(nameof(ConsoleTemplate)) ? ConsoleTemplate : null,
            ConsoleMinimumLevel = given.ContainsKey(nameof(ConsoleMinimumLevel)) ? ConsoleMinimumLevel : null,
            Durable = Durable,
            SyncLevel = given.ContainsKey(nameof(SyncLevel)) ? SyncLevel : null,
            Overflow = Overflow,
            OverflowLevel = OverflowLevel,
        };
        var listener = Start(settings);
        ModuleState.Add(listener);
        WriteObject(listener);
    }

    private LogListener Start(ListenerSettings settings)
    {
        try
        {
            var starting = Task.Run(() => ListenerFactory.StartAsync(settings));
            Wait(starting);
            return starting.Result;
        }
        catch (Exception e) when (ToError(e, settings) is { } error)
        {
            ThrowTerminatingError(error);
            throw;
        }
    }

    private static ErrorRecord? ToError(Exception e, ListenerSettings settings) => e switch
    {
        PipeNameException name => Errors.InvalidListenerName(name.Name, name),
        ListenerNameInUseException inUse => Errors.ListenerNameInUse(inUse.Name, Describe(inUse), inUse),
        TemplateException template => Errors.InvalidTemplate(template.Template, template),
        LogFileInUseException inUse => Errors.LogFileInUse(inUse.Path, Describe(inUse), inUse),
        LogFileException file => Errors.LogPathUnusable(file.Path, file),
        UnauthorizedAccessException denied => Errors.StateFolderUnusable(denied),
        ArgumentException when settings.File is { } unusable => Errors.LogPathUnusable(unusable.Path, e),
        IOException io => Errors.ListenerStartFailed(settings.Name ?? settings.File?.Path ?? "console", io),
        _ => null,
    };

    private static string? Describe(ListenerNameInUseException inUse) => inUse.Owner is { } owner
        ? string.Create(CultureInfo.InvariantCulture, $"process {owner.Process} (pid {owner.Pid}), which writes {owner.LogPath ?? "the console"}")
        : null;

    private static string? Describe(LogFileInUseException inUse) => inUse.OwnerPid is { } pid
        ? string.Create(CultureInfo.InvariantCulture, $"process {inUse.OwnerProcess} (pid {pid}), at {inUse.OwnerPipe}")
        : null;

    private string Resolve(string path)
    {
        try
        {
            if (LogPath.Resolve(SessionState, path) is { } resolved)
            {
                return resolved;
            }
        }
        catch (TemplateException e)
        {
            ThrowTerminatingError(Errors.InvalidTemplate(path, e));
        }

        ThrowTerminatingError(Errors.LogPathNotInFileSystem(path));
        return path;
    }
}
