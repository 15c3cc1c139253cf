using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommon.Push, "Location", DefaultParameterSetName = "Path")]
public sealed class PushLocationCommand : LocationCommand
{
    protected override void ProcessRecord()
    {
        SessionState.Path.PushCurrentLocation(StackName);
        GoTo(".");
    }
}
