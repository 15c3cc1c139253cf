using System.Management.Automation;

namespace QueueLog.PowerShell.Worker;

/// <summary>The head of a worker's standing pipeline: each item runs within one write, or one call.</summary>
[Cmdlet("Read", "WorkItem")]
internal sealed class ItemSourceCommand : PSCmdlet
{
    [Parameter]
    public RunspaceWorkRunner? Runner { get; set; }

    protected override void ProcessRecord()
    {
        while (Runner!.MoveNext(out var item))
        {
            Runner.RunItem(this, item);
        }
    }
}
