using System.Management.Automation;
using QueueLog.Listener;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;

namespace QueueLog.PowerShell.Commands;

/// <summary>Stops listeners: everything handed over is written before it returns. Stopping twice does no harm.</summary>
[Cmdlet(VerbsLifecycle.Stop, "LogListener", SupportsShouldProcess = true, DefaultParameterSetName = "Name")]
[OutputType(typeof(LogListener))]
public sealed class StopLogListenerCommand : QueueLogCommand
{
    /// <summary>Names; wildcards are allowed. Default: the session's default listener.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ListenerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Listener objects.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Object", ValueFromPipeline = true)]
    public LogListener[]? Listener { get; set; }

    /// <summary>Seconds to wait for clients to hand over what they hold, 0 to 86400; default 30. A client that takes longer is cut off and reported.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, 86400.0)]
    public double TimeoutSeconds { get; set; } = 30;

    /// <summary>Give the listeners, with their final counts.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Stops them.</summary>
    protected override void ProcessRecord()
    {
        foreach (var listener in Listener ?? ListenerArgument.Find(this, Name))
        {
            if (!ShouldProcess(listener.Name))
            {
                continue;
            }

            Stop(listener, TimeSpan.FromSeconds(TimeoutSeconds));
            if (PassThru)
            {
                Views.Load();
                WriteObject(listener);
            }
        }
    }
}
