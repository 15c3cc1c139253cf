using System.Collections;
using System.Management.Automation;
using QueueLog.Client;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Commands;

/// <summary>Hands a record to the listener. Without one, shows it and warns once; never fails the caller.</summary>
[Cmdlet(VerbsCommunications.Write, "QueueLog")]
public sealed class WriteQueueLogCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private string? address;
    private LogClient? client;

    /// <summary>
    /// The text; with named holes, such as 'item {Item}', when there are arguments or properties. An error or a record given
    /// here is logged as if it were piped in: Write-QueueLog $_ in a catch block.
    /// </summary>
    [Parameter(Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    public object? Message { get; set; }

    /// <summary>Values for the holes of the message, in order; kept as properties under the holes' names.</summary>
    [Parameter(Position = 1)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>Trace, Debug, Information (default), Warning, Error or Critical. With an error the default is Error.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>Further named values of the record.</summary>
    [Parameter]
    public IDictionary? Property { get; set; }

    /// <summary>An error to log with its type, message and script stack trace, such as $_ in a catch block.</summary>
    [Parameter]
    public ErrorRecord? ErrorRecord { get; set; }

    /// <summary>An exception to log with its type, message and stack trace.</summary>
    [Parameter]
    public Exception? Exception { get; set; }

    /// <summary>
    /// What is piped in: text, errors, exceptions, and whole records: [QueueLog.Records.LogRecord]@{ … }, or a hashtable or
    /// object with a Message.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? InputObject { get; set; }

    /// <summary>A name that groups records.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LogFieldCompleter))]
    public string? Category { get; set; }

    /// <summary>A listener object, name or address. Default: the session's.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ListenerNameCompleter))]
    public object? Listener { get; set; }

    /// <summary>Return only when the record is in the file.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Finds the client.</summary>
    protected override void BeginProcessing()
    {
        JobProcess.Recognize(Host);
        address = Listener is null ? ClientRegistry.DefaultAddress : ListenerArgument.ToAddress(this, Listener);
        client = ClientRegistry.Get(address);
    }

    /// <summary>Hands one record over.</summary>
    protected override void ProcessRecord()
    {
        var message = RecordMapper.Unwrap(Message) as string;
        var subject = message is null ? Message ?? InputObject : InputObject;
        var error = ErrorRecord;
        var exception = Exception;
        LogLevel? stream = null;
        switch (RecordMapper.Unwrap(subject))
        {
            case null:
                break;
            case string text:
                message ??= text;
                break;
            case ErrorRecord { FullyQualifiedErrorId: "NativeCommandError" or "NativeCommandErrorMessage" } line:
                // A line that a native program wrote to its standard error, as 2>&1 gives it: text, and often no error.
                message ??= line.Exception.Message;
                break;
            case ErrorRecord given:
                error = given;
                break;
            case InformationalRecord given:
                // As *>&1 gives the streams; their levels are those of a worker's.
                message ??= given.Message;
                stream = given is WarningRecord ? LogLevel.Warning : LogLevel.Debug;
                break;
            case InformationRecord given:
                message ??= RecordMapper.Unwrap(given.MessageData) is HostInformationMessage host ? host.Message : OutputText.Of(given.MessageData);
                break;
            case Exception given:
                exception = given;
                break;
            default:
                if (RecordMapper.TryToRecord(this, subject!, out var record))
                {
                    WriteRecord(record);
                    return;
                }

                message ??= ValueText.Of(subject);
                break;
        }

        if (message is null && error is null && exception is null && !MyInvocation.ExpectingInput && !MyInvocation.BoundParameters.ContainsKey(nameof(Message)))
        {
            WriteError(LogErrors.NothingToLog());
            return;
        }

        var level = MyInvocation.BoundParameters.ContainsKey(nameof(Level)) ? Level
            : error is not null || exception is not null ? LogLevel.Error
            : stream ?? Level;
        if (IsWanted(level))
        {
            WriteDraft(level, message, RecordMapper.Describe(error, exception));
        }
    }

    /// <summary>Waits for the records to be written when asked to.</summary>
    protected override void EndProcessing()
    {
        if (Wait && client is not null)
        {
            try
            {
                if (!client.WaitUntilAcknowledged(stopping.Token))
                {
                    WriteError(LogErrors.NotWritten());
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Ctrl+C: the record is handed over all the same.
            }
        }
    }

    /// <summary>Ends a wait.</summary>
    protected override void StopProcessing() => stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => stopping.Dispose();

    private void WriteRecord(LogRecord? record)
    {
        var given = MyInvocation.BoundParameters;
        if (record is not null && IsWanted(given.ContainsKey(nameof(Level)) ? Level : record.Level))
        {
            var caller = record.Caller is null ? FindCaller() : null;
            if (given.ContainsKey(nameof(Level)) || Category is not null || Property is not null || caller is not null)
            {
                record = RecordMapper.With(
                    record,
                    given.ContainsKey(nameof(Level)) ? Level : null,
                    Category,
                    Property is null ? null : RecordMapper.ToProperties(Property),
                    caller);
            }

            Check(client?.Write(record, stopping.Token) ?? WriteResult.NoListener, RecordMapper.ToDraft(record));
        }
    }

    // Asked before anything is made of what was given.
    private bool IsWanted(LogLevel level) => client is null || level >= client.MinimumLevel;

    private void WriteDraft(LogLevel level, string? message, (string Message, ExceptionInfo Exception)? error)
    {
        var draft = new RecordDraft
        {
            Level = level,
            Message = message ?? (error is { } own ? AsText(own.Message) : ""),
            Arguments = RecordMapper.ToValues(ArgumentList),
            Properties = PropertiesFor(message),
            Category = Category,
            Exception = error?.Exception,
            Caller = FindCaller(),
        };
        Check(client?.Write(draft, stopping.Token) ?? WriteResult.NoListener, draft);
    }

    private LogProperties? PropertiesFor(string? message)
    {
        var given = Property is null ? null : RecordMapper.ToProperties(Property);
        return message is not null && Message is not null && ArgumentList is null && MyInvocation.ExpectingInput && InputObject is { } piped
            ? PipedProperties.For(message, piped, given)
            : given;
    }

    private string? FindCaller() => client is { WantsCaller: true } ? CallerLocation.Of(MyInvocation) : null;

    // The message of an error is no template, whatever is given beside it.
    private string AsText(string message) => ArgumentList is not { Length: > 0 } && Property is null
        ? message
        : message.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private void Check(WriteResult result, scoped in RecordDraft draft)
    {
        if (result == WriteResult.Truncated)
        {
            WriteError(LogErrors.RecordTruncated(draft.Message.Length));
        }
        else if (result == WriteResult.NoListener)
        {
            Show(draft);
        }
    }

    private void Show(scoped in RecordDraft draft)
    {
        ClientRegistry.CountLost(address, draft.Level);
        if (draft.Level < ClientRegistry.LowestShown)
        {
            return;
        }

        var refusal = ClientRegistry.RefusalOf(address);
        if (Listener is not null)
        {
            var name = Listener.ToString() ?? "";
            WriteError(refusal is null ? LogErrors.ListenerStopped(name) : LogErrors.ListenerOfAnotherUser(name, refusal));
        }
        else if (ClientRegistry.IsFirstUndelivered())
        {
            try
            {
                WriteWarning(LogWarnings.NoListener(refusal));
            }
            catch (ActionPreferenceStopException)
            {
                // Where a warning ends a script, this one does not: to log ends nothing.
            }
        }

        WriteInformation(new HostInformationMessage { Message = PlainLine.Of(draft) }, ["PSHOST"]);
    }
}
