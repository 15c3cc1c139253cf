using System.Management.Automation;
using System.Text;
using QueueLog.Pool.Child;
using QueueLog.Pool.Processes;
using QueueLog.PowerShell.Errors;
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
            log.WriteStream(LogLevel.Information, "Pool.Output", OutputText.Of(value), null, FindCaller(), isShown: false);
        }
    }

    /// <param name="kind">Whether it ended the item.</param>
    /// <param name="error">The error.</param>
    /// <param name="fails">Whether it fails the item.</param>
    /// <param name="input">The item's input.</param>
    public void WriteError(WorkEntryKind kind, ErrorRecord error, bool fails, object? input)
    {
        var isLogged = log.LogsStream(LogLevel.Error);
        if ((isLogged || (fails && log.HasListener)) && RecordMapper.Describe(error, null) is var (message, exception))
        {
            if (isLogged)
            {
                // What ends an item is told behind it, when none of its lines runs any more.
                var caller = kind != WorkEntryKind.Failure ? FindCaller() : log.WantsCaller ? CallerLocation.Of(error.InvocationInfo) : null;
                log.WriteStream(LogLevel.Error, "Pool.Error", message, exception, caller, isShown: true);
            }

            if (fails)
            {
                log.ItemFailed(message, isLogged ? null : exception, () => PoolErrors.Shorten(input));
            }
        }
    }

    /// <summary>Writes a line that a program wrote to its standard error.</summary>
    public void WriteStandardError(string text)
    {
        if (log.LogsStream(LogLevel.Warning))
        {
            log.WriteStream(LogLevel.Warning, PoolLog.ErrorCategory, text, null, FindCaller(), isShown: true);
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
        line.Append(message is null ? OutputText.Of(record.MessageData) : message.Message);
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
}
