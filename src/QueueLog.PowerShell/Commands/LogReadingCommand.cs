using System.Management.Automation;
using QueueLog.Client;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.Reading;
using QueueLog.Reading.Files;
using QueueLog.Reading.Search;

namespace QueueLog.PowerShell.Commands;

/// <summary>What all commands that read logs have: which logs these are.</summary>
public abstract class LogReadingCommand : QueueLogCommand
{
    // How long the records of this session are waited for that its listener is still to write.
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(5);

    private readonly List<string> logs = [];

    /// <summary>For the commands of this module alone.</summary>
    private protected LogReadingCommand()
    {
    }

    /// <summary>Logs: files, wildcards, folders, or paths with tokens. Default: the log of the session's listener.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Logs whose paths are taken as they stand.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The template of entries in Text whose file does not name it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public string? Template { get; set; }

    /// <summary>How the lines of another program look: the name of a known format, or a regular expression with named groups.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LinePatternCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Pattern { get; set; }

    /// <summary>Whether a log that is not there yet is as good. Default: no.</summary>
    private protected virtual bool MayBeMissing => false;

    /// <summary>Whether a log is read where none is named: that of the session. Default: yes.</summary>
    private protected virtual bool NeedsLog => true;

    /// <summary>Whether a path led to no log.</summary>
    private protected bool IsMissing { get; private set; }

    private bool IsOfSession => NeedsLog && Path is null && LiteralPath is null && !MyInvocation.ExpectingInput;

    /// <summary>Gathers the logs.</summary>
    protected override void ProcessRecord()
    {
        foreach (var path in LiteralPath ?? Path ?? [])
        {
            var found = LogArgument.Resolve(this, path, isLiteral: LiteralPath is not null, MayBeMissing).ToArray();
            IsMissing |= found.Length == 0;
            logs.AddRange(found);
        }
    }

    /// <summary>Reads them.</summary>
    protected override void EndProcessing()
    {
        if (IsOfSession)
        {
            logs.AddRange(LogArgument.OfSession(this));
        }

        AwaitOwnRecords();
        try
        {
            Read(LogFileSet.Distinct(logs));
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (MatchTimeoutException exception)
        {
            ThrowTerminatingError(ReadingErrors.MatchTimedOut(exception));
        }
    }

    /// <summary>Reads the logs, each of which was named once or more.</summary>
    private protected abstract void Read(string[] found);

    // Whoever writes a record and then reads the log finds it there.
    private void AwaitOwnRecords()
    {
        if (ModuleState.Default is { Path: { } path } own && (logs.Contains(path) || IsOfSession) && ClientRegistry.Find(own.Address) is { } client)
        {
            Wait(client.AcknowledgedAsync(Cancellation), WriteTimeout);
        }
    }

    /// <summary>Asks for everything in a log, until Ctrl+C, and tells what cannot be read; or ends the command if the template is none.</summary>
    private protected LogQuery QueryAll()
    {
        LogTemplate.Check(this, Template);
        return new()
        {
            Template = Template,
            LinePattern = LinePatternArgument.Resolve(this, Pattern, Template),
            Report = problem => WriteError(ReadingErrors.Of(problem)),
            Cancellation = Cancellation,
        };
    }
}
