using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsCommon.Add, "Content", DefaultParameterSetName = "Path")]
public sealed class AddContentCommand : ContentWritingCommand
{
    protected override FileMode Mode => FileMode.Append;
}
