using System.Management.Automation;
using System.Text;
using QueueLog.Pool.Child;
using QueueLog.Pool.Processes;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Worker;

/// <summary>Makes records of what the running script writes to its streams. What no listener wants is not even made text.</summary>
internal sealed class WorkerStreamLog(WorkerLog log)
{
    // Pieces of Write-Host -NoNewline, until their line ends.
    private readonly StringBuilder line = new();
    private string? lineCaller;

    public void WriteOutput(object? value)
    {
        if (value is not null && log.LogsStream(LogLevel.Information))
        {
            log.WriteStream(LogLevel.Information, "Pool.Output", ToText(value), null, FindCaller(), isShown: false);
        }
    }

    public void WriteError(WorkEntryKind kind, ErrorRecord error)
    {
        if (log.CapturesStreams && error.FullyQualifiedErrorId is "NativeCommandError" or "NativeCommandErrorMessage")
        {
            // A line that a native program wrote to its standard error: text, and often no error.
            log.WriteStream(LogLevel.Warning, PoolLog.ErrorCategory, error.Exception.Message, null, FindCaller(), isShown: true);
            return;
        }

        var isLogged = log.LogsStream(LogLevel.Error);
        if ((isLogged || (kind == WorkEntryKind.Failure && log.HasListener)) && RecordMapper.Describe(error, null) is var (message, exception))
        {
            if (isLogged)
            {
                // What ends an item is told behind it, when none of its lines runs any more.
                var caller = kind != WorkEntryKind.Failure ? FindCaller() : log.WantsCaller ? CallerLocation.Of(error.InvocationInfo) : null;
                log.WriteStream(LogLevel.Error, "Pool.Error", message, exception, caller, isShown: true);
            }

            if (kind == WorkEntryKind.Failure)
            {
                log.ItemFailed(message, isLogged ? null : exception);
            }
        }
    }

    public void WriteText(WorkEntryKind kind, string text)
    {
        var (level, category) = kind switch
        {
            WorkEntryKind.Warning => (LogLevel.Warning, "Pool.Warning"),
            WorkEntryKind.Verbose => (LogLevel.Debug, "Pool.Verbose"),
            _ => (LogLevel.Debug, "Pool.Debug"),
        };
        if (log.LogsStream(level))
        {
            log.WriteStream(level, category, text, null, FindCaller(), isShown: true);
        }
    }

    public void WriteInformation(InformationRecord record)
    {
        if (!log.LogsStream(LogLevel.Information))
        {
            return;
        }

        if (RecordMapper.Unwrap(record.MessageData) is HostInformationMessage { NoNewLine: true } piece)
        {
            line.Append(piece.Message);
            lineCaller ??= FindCaller();
            return;
        }

        var message = RecordMapper.Unwrap(record.MessageData) as HostInformationMessage;
        line.Append(message is null ? ToText(record.MessageData) : message.Message);
        EndLine(isShown: message is not null);
    }

    /// <summary>Writes what was written without a line end.</summary>
    public void EndItem()
    {
        if (line.Length > 0)
        {
            EndLine(isShown: true);
        }
    }

    private void EndLine(bool isShown)
    {
        log.WriteStream(LogLevel.Information, "Pool.Information", line.ToString(), null, lineCaller ?? FindCaller(), isShown);
        line.Clear();
        lineCaller = null;
    }

    private string? FindCaller() => log.WantsCaller ? CallerLocation.OfRunningScript() : null;

    /// <summary>As <c>"$value"</c> gives it.</summary>
    private static string ToText(object? value)
    {
        if (RecordMapper.Unwrap(value) is string text)
        {
            return text;
        }

        try
        {
            return LanguagePrimitives.ConvertTo<string>(value) ?? "";
        }
#pragma warning disable CA1031 // the value's own code runs here, and what is written to the log never fails the item
        catch (Exception e) when (e is not PipelineStoppedException)
#pragma warning restore CA1031
        {
            return $"({RecordMapper.Unwrap(value)!.GetType().Name} has no text: {e.GetType().Name})";
        }
    }
}
