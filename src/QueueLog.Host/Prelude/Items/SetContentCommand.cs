using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = "Path")]
public sealed class SetContentCommand : ContentWritingCommand
{
    protected override FileMode Mode => FileMode.Create;
}
