using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
public sealed class GetItemCommand : ItemCommand
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Paths)
        {
            Attempt(() => WriteObject(InvokeProvider.Item.Get([path], Force, IsLiteral), enumerateCollection: true));
        }
    }
}
