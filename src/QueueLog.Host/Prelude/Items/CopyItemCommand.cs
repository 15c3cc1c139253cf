using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsCommon.Copy, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class CopyItemCommand : ItemCommand
{
    [Parameter(Position = 1)]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Paths.Where(path => ShouldProcess($"{path} to {Destination}")))
        {
            Attempt(() =>
            {
                var copies = InvokeProvider.Item.Copy(
                    [path], Destination, Recurse, CopyContainers.CopyTargetContainer, Force, IsLiteral);
                WriteObject(PassThru ? copies : [], enumerateCollection: true);
            });
        }
    }
}
