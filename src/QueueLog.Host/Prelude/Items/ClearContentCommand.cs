using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsCommon.Clear, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class ClearContentCommand : ItemCommand
{
    protected override void ProcessRecord()
    {
        foreach (var path in Paths.Where(path => ShouldProcess(path)))
        {
            Attempt(() => InvokeProvider.Content.Clear([path], force: false, IsLiteral));
        }
    }
}
