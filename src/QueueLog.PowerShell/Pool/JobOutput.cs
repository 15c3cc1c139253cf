using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>Adds what a run yields to the streams of a job.</summary>
internal sealed class JobOutput(PoolChildJob streams, PSDataCollection<ProgressRecord> progress, Runspace? runspace) : PoolOutput(runspace)
{
    private readonly JobProgress progress = new(progress);

    public override void WriteProgress(ProgressRecord record, bool isOfItem) => progress.Write(record, isOfItem);

    protected override void WriteObject(object? value) => streams.WriteObject(value);

    protected override void WriteError(ErrorRecord error) => streams.WriteError(error);

    protected override void WriteText(WorkEntryKind kind, string text) => streams.WriteText(kind, text);

    protected override void WriteInformation(InformationRecord information) => streams.WriteInformation(information);
}
