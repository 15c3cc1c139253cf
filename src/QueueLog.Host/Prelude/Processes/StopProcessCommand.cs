using System.ComponentModel;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Processes;

[Cmdlet(VerbsLifecycle.Stop, "Process", DefaultParameterSetName = "Id", SupportsShouldProcess = true)]
public sealed class StopProcessCommand : ProcessCommand
{
    // By number and by position: a number that is not named must not be taken for a name.
    [Parameter(ParameterSetName = "Position", Position = 0, Mandatory = true)]
    public int[]? Number { get; set; }

    [Parameter(ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[]? Name { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override string[]? Names => Name;

    protected override void ProcessRecord()
    {
        Id ??= Number;
        foreach (var process in Find().Where(process => ShouldProcess($"{process.ProcessName} ({process.Id})")))
        {
            try
            {
                process.Kill();
            }
            catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
            {
                WriteError(new ErrorRecord(failure, "CouldNotStopProcess", ErrorCategory.CloseError, process));
            }

            if (PassThru)
            {
                WriteObject(process);
            }
        }
    }
}
