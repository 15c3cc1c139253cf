using System.Diagnostics;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Processes;

[Cmdlet(VerbsLifecycle.Wait, "Process", DefaultParameterSetName = "Name")]
public sealed class WaitProcessCommand : ProcessCommand, IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly List<Process> _processes = [];

    [Parameter(ParameterSetName = "Name", Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[]? Name { get; set; }

    [Parameter(Position = 1)]
    [Alias("TimeoutSec")]
    [ValidateRange(0, 32767)]
    public int? Timeout { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override string[]? Names => Name;

    public void Dispose() => _stopped.Dispose();

    protected override void ProcessRecord() => _processes.AddRange(Find());

    protected override void EndProcessing()
    {
        if (Timeout is { } seconds)
        {
            _stopped.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        foreach (var process in _processes)
        {
            try
            {
                process.WaitForExitAsync(_stopped.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (!Stopping)
            {
                var failure = new TimeoutException($"The process {process.Id} has not ended within {Timeout} s.");
                WriteError(new ErrorRecord(failure, "ProcessNotTerminated", ErrorCategory.CloseError, process));
            }

            if (PassThru)
            {
                WriteObject(process);
            }
        }
    }

    protected override void StopProcessing() => _stopped.Cancel();
}
