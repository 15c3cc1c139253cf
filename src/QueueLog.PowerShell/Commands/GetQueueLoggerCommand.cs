using System.Management.Automation;
using QueueLog.Client;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Commands;

/// <summary>Gives an object that logs: the fast path for hot loops.</summary>
[Cmdlet(VerbsCommon.Get, "QueueLogger")]
[OutputType(typeof(QueueLogger))]
public sealed class GetQueueLoggerCommand : PSCmdlet
{
    private static readonly LoggerEngine Engine = new(RecordMapper.DescribeError, RecordedValue.Of, CallerLocation.OfRunningScript, UndeliveredRecords.TryShow);

    /// <summary>Category of the logger's records.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(LogFieldCompleter))]
    public string? Category { get; set; }

    /// <summary>A listener object, name or address. Default: the session's, whichever that is when a record is written.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ListenerNameCompleter))]
    public object? Listener { get; set; }

    /// <summary>Gives the logger.</summary>
    protected override void ProcessRecord()
    {
        JobProcess.Recognize(Host);
        WriteObject(new QueueLogger(Category, Listener is null ? null : ListenerArgument.ToAddress(this, Listener), Engine));
    }
}
