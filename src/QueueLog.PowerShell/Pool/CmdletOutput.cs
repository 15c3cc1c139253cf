using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.PowerShell.Engine;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>Writes what a run yields to the pipeline of a command; on its pipeline thread only.</summary>
internal sealed class CmdletOutput : PoolOutput
{
    private readonly Cmdlet command;

    public CmdletOutput(Cmdlet command, Runspace? runspace)
        : base(runspace)
    {
        this.command = command;

        // A worker sends what its preferences let through, which were the session's, or what an item asked for.
        ShownStreams.ShowAll(command.CommandRuntime);
    }

    public override void WriteProgress(ProgressRecord record, bool isOfItem) => command.WriteProgress(record);

    protected override void WriteObject(object? value) => command.WriteObject(value);

    protected override void WriteError(ErrorRecord error) => command.WriteError(error);

    protected override void WriteText(WorkEntryKind kind, string text)
    {
        switch (kind)
        {
            case WorkEntryKind.Warning:
                command.WriteWarning(text);
                break;
            case WorkEntryKind.Verbose:
                command.WriteVerbose(text);
                break;
            default:
                command.WriteDebug(text);
                break;
        }
    }

    protected override void WriteInformation(InformationRecord information) => command.WriteInformation(information);
}
