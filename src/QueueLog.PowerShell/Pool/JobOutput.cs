using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>Adds what a run yields to the streams of a job.</summary>
internal sealed class JobOutput(Job job, Runspace? runspace) : PoolOutput(runspace)
{
    private readonly JobProgress progress = new(job.Progress);

    public override void WriteProgress(ProgressRecord record, bool isOfItem) => progress.Write(record, isOfItem);

    protected override void WriteObject(object? value) => job.Output.Add(value is null ? null : PSObject.AsPSObject(value));

    protected override void WriteError(ErrorRecord error) => job.Error.Add(error);

    protected override void WriteText(WorkEntryKind kind, string text)
    {
        switch (kind)
        {
            case WorkEntryKind.Warning:
                job.Warning.Add(new WarningRecord(text));
                break;
            case WorkEntryKind.Verbose:
                job.Verbose.Add(new VerboseRecord(text));
                break;
            default:
                job.Debug.Add(new DebugRecord(text));
                break;
        }
    }

    protected override void WriteInformation(InformationRecord information) => job.Information.Add(information);
}
