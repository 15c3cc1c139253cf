using System.Management.Automation;
using System.Text;
using QueueLog.Pool.Child;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Worker;

/// <summary>Passes on what the running script writes, each thing at the moment it is written: to the log first, then to the pool.</summary>
internal sealed class WorkerStreams(WorkerLoop loop)
{
    private readonly ByteWriter scratch = new();
    private readonly WorkerStreamLog log = new(loop.Log);

    public void SayOutput(PSObject? value)
    {
        if (loop.Item < 0)
        {
            // The initialization's output belongs to no item.
            return;
        }

        log.WriteOutput(value);
        scratch.Clear(ProtocolLimits.MaxGreetingLength);
        try
        {
            ValueSerializer.Write(scratch, value);
        }
        catch (ValueNotSerializableException e)
        {
            SayError(WorkEntryKind.Error, WorkerErrors.OutputNotSerializable(e));
            return;
        }

        loop.Say(WorkEntryKind.Output, scratch.Written);
    }

    public void SayErrors(object? sender, DataAddedEventArgs e)
    {
        // Raised at each, on the thread that wrote it; taken out, or they would be kept for as long as the pipeline stands.
        foreach (var error in ((PSDataCollection<ErrorRecord>)sender!).ReadAll())
        {
            SayError(WorkEntryKind.Error, error);
        }
    }

    public void SayError(WorkEntryKind kind, ErrorRecord error)
    {
        log.WriteError(kind, error);
        var writer = new ByteWriter();
        WorkEntryCodec.WriteError(writer, ErrorMapper.ToWork(error));
        loop.Say(kind, writer.Written);
    }

    public void SayText(WorkEntryKind kind, string text)
    {
        log.WriteText(kind, text);
        loop.Say(kind, Encoding.UTF8.GetBytes(text));
    }

    public void SayInformation(InformationRecord record)
    {
        log.WriteInformation(record);
        var writer = new ByteWriter();
        WorkEntryCodec.WriteInformation(writer, InformationMapper.ToWork(record));
        loop.Say(WorkEntryKind.Information, writer.Written);
    }

    /// <summary>The item under way has ended.</summary>
    /// <returns>False when it was claimed for a stop.</returns>
    public bool EndItem(ItemOutcome outcome)
    {
        log.EndItem();
        return loop.EndItem(outcome);
    }
}
