using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = "Path")]
public sealed class SetLocationCommand : LocationCommand
{
    protected override void ProcessRecord() => GoTo("~");
}
