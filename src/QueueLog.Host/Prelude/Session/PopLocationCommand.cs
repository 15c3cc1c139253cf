using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommon.Pop, "Location")]
public sealed class PopLocationCommand : PSCmdlet
{
    [Parameter]
    public string? StackName { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        var location = SessionState.Path.PopLocation(StackName);
        if (PassThru)
        {
            WriteObject(location);
        }
    }
}
