using System.Text;
using QueueLog.Pool;
using QueueLog.Pool.JobLog;
using QueueLog.Pool.State;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Pool;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool;

/// <summary>Plays the part of a run for a collector: items are announced, say something and end.</summary>
internal sealed class ItemScript
{
    private readonly Dictionary<long, WorkItem> items = [];

    public ItemScript(CollectorOptions options)
    {
        Collector = new ItemCollector(Output, options);
    }

    public RecordingOutput Output { get; } = new();

    public ItemCollector Collector { get; }

    public WorkItem Expect(long index, object? input = null, bool isSkipped = false, InputKey key = default)
    {
        var item = items[index] = new WorkItem(index, input ?? $"in{index}", ValueSerializer.ToBytes(input));
        Collector.Expect(item, key, isSkipped);
        return item;
    }

    public void Says(long index, params (WorkEntryKind Kind, string Text)[] entries) => Send(index, entries, null);

    public void Outputs(long index, params string[] texts) => Says(index, [.. texts.Select(text => (WorkEntryKind.Output, text))]);

    public void Completes(long index, params string[] outputs) =>
        Send(index, [.. outputs.Select(text => (WorkEntryKind.Output, text))], new ItemEnd(items[index], ItemStatus.Completed, 1, IsFinal: true));

    public void Ends(long index, ItemStatus status, bool isFinal = true) => Send(index, [], new ItemEnd(items[index], status, 1, isFinal));

    public void Fails(long index, string error, int attempt = 1, bool isFinal = true, double delay = 0) =>
        Send(index, [(WorkEntryKind.Failure, error)], new ItemEnd(items[index], ItemStatus.Failed, attempt, isFinal) { Delay = TimeSpan.FromSeconds(delay) });

    public void IsLost(long index, ItemStatus status, bool isFinal = true) =>
        Collector.Write(new ItemLost(new ItemEnd(items[index], status, 1, isFinal) { Worker = "Worker-1", Pid = 7, Death = new WorkerDeath(7, 3, []) }));

    public void AreSkipped(params long[] indexes) => Collector.Write(new ItemsSkipped([.. indexes.Select(index => items[index])]));

    private void Send(long index, (WorkEntryKind Kind, string Text)[] entries, ItemEnd? end)
    {
        var writer = new ByteWriter();
        foreach (var (kind, text) in entries)
        {
            var start = WorkEntryCodec.BeginEntry(writer, kind, index);
            switch (kind)
            {
                case WorkEntryKind.Output:
                    writer.WriteBytes(ValueSerializer.ToBytes(text));
                    break;
                case WorkEntryKind.Error or WorkEntryKind.Failure:
                    WorkEntryCodec.WriteError(writer, new WorkError { Message = text, ErrorId = "Id" });
                    break;
                case WorkEntryKind.Information:
                    WorkEntryCodec.WriteInformation(writer, new WorkInformation { Message = ValueSerializer.ToBytes(text) });
                    break;
                default:
                    writer.WriteBytes(Encoding.UTF8.GetBytes(text));
                    break;
            }

            WorkEntryCodec.EndEntry(writer, start);
        }

        if (end is not null)
        {
            var start = WorkEntryCodec.BeginEntry(writer, WorkEntryKind.Ended, index);
            var body = new byte[WorkEntryCodec.EndedLength];
            WorkEntryCodec.WriteEnded(body, end.Status == ItemStatus.Completed ? ItemOutcome.Completed : ItemOutcome.Failed, 1, 1, null);
            writer.WriteBytes(body);
            WorkEntryCodec.EndEntry(writer, start);
        }

        var frame = ResultFrame.Read(writer.Written);
        foreach (ref var entry in frame.Entries)
        {
            entry.Item = entry.Kind is WorkEntryKind.Error or WorkEntryKind.Failure ? items[index] : null;
            entry.End = entry.Kind == WorkEntryKind.Ended ? end : null;
        }

        Collector.Write(new WorkResults("Worker-1", frame));
    }
}
