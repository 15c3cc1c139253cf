using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsCommon.Move, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class MoveItemCommand : ItemCommand
{
    [Parameter(Position = 1)]
    public string Destination { get; set; } = ".";

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
                var moved = InvokeProvider.Item.Move([path], Destination, Force, IsLiteral);
                WriteObject(PassThru ? moved : [], enumerateCollection: true);
            });
        }
    }
}
