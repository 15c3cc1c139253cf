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

    public void ReportOutput(PSObject? value)
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
            ReportError(WorkEntryKind.Error, WorkerErrors.OutputNotSerializable(e));
            return;
        }

        loop.Report(WorkEntryKind.Output, scratch.Written);
    }

    public void ReportErrors(object? sender, DataAddedEventArgs e)
    {
        // Raised at each, on the thread that wrote it; taken out, or they would be kept for as long as the pipeline stands.
        foreach (var error in ((PSDataCollection<ErrorRecord>)sender!).ReadAll())
        {
            if (error.FullyQualifiedErrorId is "NativeCommandError" or "NativeCommandErrorMessage")
            {
                ReportStandardError(error.Exception.Message);
            }
            else
            {
                ReportError(WorkEntryKind.Error, error);
            }
        }
    }

    public void ReportError(WorkEntryKind kind, ErrorRecord error)
    {
        log.WriteError(kind, error);
        var writer = new ByteWriter();
        WorkEntryCodec.WriteError(writer, ErrorMapper.ToWork(error));
        loop.Report(kind, writer.Written);
    }

    public void ReportText(WorkEntryKind kind, string text)
    {
        log.WriteText(kind, text);
        loop.Report(kind, Encoding.UTF8.GetBytes(text));
    }

    public void ReportInformation(InformationRecord record)
    {
        log.WriteInformation(record);
        Report(record);
    }

    /// <summary>The item under way has ended.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="exitCode">The last exit code of a program that it ran; null for none.</param>
    /// <returns>False when it was claimed for a stop.</returns>
    public bool EndItem(ItemOutcome outcome, int? exitCode)
    {
        log.EndItem();
        return loop.EndItem(outcome, exitCode);
    }

    // What the engine makes an error record of is a line that a program wrote to its standard error: often progress, and no error.
    // Tagged so that it is on the screen all the same.
    private void ReportStandardError(string text)
    {
        log.WriteStandardError(text);
        var record = InformationMapper.ToRecord(loop.Name, isError: true, text);
        record.Tags.Add("PSHOST");
        Report(record);
    }

    private void Report(InformationRecord record)
    {
        var writer = new ByteWriter();
        WorkEntryCodec.WriteInformation(writer, InformationMapper.ToWork(record));
        loop.Report(WorkEntryKind.Information, writer.Written);
    }
}
