using QueueLog.Pool;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Queue.Submission;

/// <summary>What a reader got of a run.</summary>
internal sealed class RunRecord
{
    public List<(long Index, object? Value)> Outputs { get; } = [];

    public List<ItemEnd> Ends { get; } = [];

    public List<long> Skipped { get; } = [];

    public List<string> Errors { get; } = [];

    public List<string> Lines { get; } = [];

    /// <summary>The items of which nothing more will come, each as often as that was told.</summary>
    public IEnumerable<long> Final => Ends.Where(static end => end.IsFinal).Select(static end => end.Item.Index).Concat(Skipped).Order();

    public IEnumerable<long> With(ItemStatus status) => Ends.Where(end => end.IsFinal && end.Status == status).Select(static end => end.Item.Index).Order();

    public void Apply(WorkEvent workEvent)
    {
        switch (workEvent)
        {
            case WorkResults results:
                using (results.Frame)
                {
                    foreach (ref readonly var entry in results.Frame.Entries)
                    {
                        if (entry.Kind == WorkEntryKind.Output)
                        {
                            Outputs.Add((entry.Index, ValueCodec.Read(results.Frame.Body(in entry), out _)));
                        }
                        else if (entry.Kind is WorkEntryKind.Error or WorkEntryKind.Failure)
                        {
                            Errors.Add(WorkEntryCodec.ReadError(results.Frame.Body(in entry)).Message);
                        }
                        else if (entry.End is { } end)
                        {
                            Ends.Add(end);
                        }
                    }
                }

                break;
            case ItemLost lost:
                Ends.Add(lost.End);
                break;
            case ItemsSkipped skipped:
                Skipped.AddRange(skipped.Items.Select(static item => item.Index));
                break;
            case WorkerLine line:
                Lines.Add(line.Text);
                break;
        }
    }
}
