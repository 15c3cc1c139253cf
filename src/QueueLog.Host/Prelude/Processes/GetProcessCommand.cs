using System.Management.Automation;

namespace QueueLog.Host.Prelude.Processes;

[Cmdlet(VerbsCommon.Get, "Process", DefaultParameterSetName = "Name")]
public sealed class GetProcessCommand : ProcessCommand
{
    [Parameter(ParameterSetName = "Name", Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[]? Name { get; set; }

    protected override string[]? Names => ParameterSetName == "Name" ? Name ?? ["*"] : null;

    protected override void ProcessRecord()
    {
        foreach (var process in Find())
        {
            WriteObject(process);
        }
    }
}
