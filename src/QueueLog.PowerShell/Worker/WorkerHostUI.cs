using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Worker;

/// <summary>Passes on the streams of the running item. The engine hands each record here at the moment it is written.</summary>
internal sealed class WorkerHostUI(string worker, Action<WorkEntryKind, string> text, Action<InformationRecord> information, Action<ProgressRecord> progress) : PSHostUserInterface
{
    // What was written to the host without a line end yet.
    private readonly StringBuilder line = new();

    // The engine writes what it shows of an information record to the host as well; once is enough.
    private string? echo;

    public override PSHostRawUserInterface RawUI { get; } = new WorkerRawUI();

    public override void WriteInformation(InformationRecord record)
    {
        echo = record.MessageData is PSObject { BaseObject: HostInformationMessage wrapped } ? wrapped.Message : record.MessageData is HostInformationMessage message ? message.Message : record.ToString();
        information(record);
    }

    public override void WriteWarningLine(string message) => text(WorkEntryKind.Warning, message);

    public override void WriteVerboseLine(string message) => text(WorkEntryKind.Verbose, message);

    public override void WriteDebugLine(string message) => text(WorkEntryKind.Debug, message);

    public override void WriteErrorLine(string value) => WriteLine(value);

    public override void WriteProgress(long sourceId, ProgressRecord record) => progress(record);

    public override void Write(string value)
    {
        if (!IsEcho(value))
        {
            line.Append(value);
        }
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value)
    {
        if (IsEcho(value))
        {
            return;
        }

        var record = new InformationRecord(line + value, "Host");
        line.Clear();
        record.Tags.Add("PSHOST");
        information(record);
    }

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => WriteLine(value);

    public override string ReadLine() => throw NoOne();

    public override SecureString ReadLineAsSecureString() => throw NoOne();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw NoOne();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw NoOne();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw NoOne();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw NoOne();

    private bool IsEcho(string value)
    {
        var isEcho = echo is not null && string.Equals(echo, value, StringComparison.Ordinal);
        echo = null;
        return isEcho;
    }

    private HostException NoOne() => new($"{worker} cannot ask: a pool worker is not interactive. Pass what is needed with -ArgumentList or $using:.");
}
