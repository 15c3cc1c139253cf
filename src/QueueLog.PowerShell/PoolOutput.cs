using System.Buffers;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Records;
using QueueLog.Wire;
using QueueLog.Workers;

namespace QueueLog.PowerShell;

/// <summary>Turns the events of a run into objects and stream records, in the order they arrived.</summary>
/// <param name="runspace">The runspace whose types are brought back to life.</param>
internal abstract class PoolOutput(Runspace? runspace)
{
    public void Write(WorkEvent workEvent)
    {
        switch (workEvent)
        {
            case WorkResults results:
                try
                {
                    WriteResults(results);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(results.Buffer);
                }

                break;
            case ItemLost lost:
                WriteError(Errors.WorkerDied(lost));
                break;
            case WorkerLine line:
                WriteInformation(InformationMapper.ToRecord(line.Worker, line.IsError, line.Text));
                break;
        }
    }

    protected abstract void WriteObject(object? value);

    protected abstract void WriteError(ErrorRecord error);

    protected abstract void WriteText(WorkEntryKind kind, string text);

    protected abstract void WriteInformation(InformationRecord information);

    private void WriteResults(WorkResults results)
    {
        ReadOnlySpan<byte> payload = results.Buffer.AsSpan(0, results.Length);
        while (WorkEntryCodec.TryRead(ref payload, out var entry))
        {
            switch (entry.Kind)
            {
                case WorkEntryKind.Output:
                    WriteObject(ValueSerializer.Read(entry.Body, runspace));
                    break;
                case WorkEntryKind.Error or WorkEntryKind.Failure:
                    WorkItem? item = null;
                    if (entry.Index >= 0)
                    {
                        item = results.Items?.Dequeue();
                    }

                    WriteError(ErrorMapper.ToRecord(WorkEntryCodec.ReadError(entry.Body), results.Worker, item, entry.Kind == WorkEntryKind.Failure));
                    break;
                case WorkEntryKind.Warning or WorkEntryKind.Verbose or WorkEntryKind.Debug:
                    WriteText(entry.Kind, WorkEntryCodec.ReadText(entry.Body));
                    break;
                case WorkEntryKind.Information:
                    WriteInformation(InformationMapper.ToRecord(WorkEntryCodec.ReadInformation(entry.Body)));
                    break;
            }
        }
    }
}
