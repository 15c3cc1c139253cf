using QueueLog.Pool;
using QueueLog.Pool.State;
using QueueLog.Queue.History;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Queue.Hosts;

/// <summary>Sorts what comes of a host's workers by the chunks that it is of. Thread-safe.</summary>
/// <param name="host">Name of the host.</param>
/// <param name="notes">Takes what is of no chunk: what workers write at their start and end, and past their streams.</param>
/// <param name="ended">Told of each chunk that has ended.</param>
/// <param name="time">The clock.</param>
internal sealed class ChunkReports(string host, ChunkReport notes, Action<HeldChunk> ended, TimeProvider time)
{
    private readonly object gate = new();
    private readonly Dictionary<long, HeldChunk> chunks = [];
    private readonly HashSet<HeldChunk> held = [];

    // Ended, and perhaps not in the history yet.
    private readonly List<Task> ending = [];
    private readonly long started = time.GetTimestamp();
    private bool isStopping;

    private TimeSpan Now => time.GetElapsedTime(started);

    /// <summary>A chunk was claimed.</summary>
    public void Add(HeldChunk chunk)
    {
        lock (gate)
        {
            held.Add(chunk);
            foreach (var item in chunk.Items)
            {
                chunks[item.Index] = chunk;
            }

            // One whose items could not be had has none.
            EndIfDone(chunk);
        }
    }

    /// <summary>From here on items are stopped because the host ends, and not because anybody does not want them.</summary>
    public void BeginStop()
    {
        lock (gate)
        {
            isStopping = true;
        }
    }

    /// <summary>Applies an event of the host's pool.</summary>
    public void Apply(WorkEvent workEvent)
    {
        lock (gate)
        {
            switch (workEvent)
            {
                case WorkResults results:
                    ApplyResults(results);
                    results.Frame.Dispose();
                    break;
                case ItemLost lost when Find(lost.End.Item.Index) is { } chunk:
                    chunk.Report.Add(new LostPart(lost.Worker, ToReported(lost.End)), 256, Now);
                    chunk.EndItem(lost.End.Item.Index);
                    EndIfDone(chunk);
                    break;
                case ItemsSkipped skipped:
                    foreach (var item in skipped.Items)
                    {
                        if (Find(item.Index) is { } skippedChunk)
                        {
                            skippedChunk.EndItem(item.Index);
                            EndIfDone(skippedChunk);
                        }
                    }

                    break;
                case WorkerLine line:
                    notes.Add(new LinePart(line.Worker, line.IsError, line.Text), line.Text.Length, Now);
                    break;
            }
        }
    }

    /// <summary>Hands over what has waited long enough.</summary>
    public void FlushDue()
    {
        lock (gate)
        {
            foreach (var chunk in held)
            {
                chunk.Report.FlushIfDue(Now);
                chunk.Report.CheckIfDue(Now);
            }

            notes.FlushIfDue(Now);
        }
    }

    /// <summary>The pool has ended: whatever has not may have been begun.</summary>
    /// <param name="fate">What became of it, as the middle of a sentence.</param>
    public void EndAll(string fate)
    {
        lock (gate)
        {
            foreach (var chunk in held.ToList())
            {
                foreach (var index in chunk.Open)
                {
                    chunk.Report.Add(new LostPart("", new ReportedEnd(index, ItemStatus.Crashed, 0) { Death = new WorkerDeath(0, null, []) { HostFate = fate } }), 64, Now);
                    chunk.EndItem(index);
                }

                EndIfDone(chunk);
            }
        }
    }

    /// <summary>Appends that are under way.</summary>
    public Task AppendedAsync()
    {
        lock (gate)
        {
            return Task.WhenAll([.. ending, .. held.Select(static chunk => chunk.Report.Appended), notes.Appended]);
        }
    }

    private HeldChunk? Find(long index) => chunks.GetValueOrDefault(index);

    private void ApplyResults(WorkResults results)
    {
        var entries = results.Frame.Entries;
        for (var start = 0; start < entries.Length;)
        {
            var chunk = Find(entries[start].Index);
            var end = start + 1;
            while (end < entries.Length && Find(entries[end].Index) == chunk)
            {
                end++;
            }

            var bytes = results.Frame.Encoded(in entries[start], in entries[end - 1]).ToArray();
            var ends = new List<ReportedEnd>();
            foreach (ref readonly var entry in entries[start..end])
            {
                if (entry.End is { } itemEnd)
                {
                    ends.Add(ToReported(itemEnd));
                }
            }

            (chunk?.Report ?? notes).Add(new ResultsPart(results.Worker, bytes, [.. ends]), bytes.Length, Now);
            if (chunk is not null)
            {
                ends.ForEach(itemEnd => chunk.EndItem(itemEnd.Index));
                EndIfDone(chunk);
            }

            start = end;
        }
    }

    private void EndIfDone(HeldChunk chunk)
    {
        if (chunk.Open.Length > 0 || !held.Remove(chunk))
        {
            return;
        }

        foreach (var item in chunk.Items)
        {
            if (Find(item.Index) == chunk)
            {
                chunks.Remove(item.Index);
            }
        }

        chunk.Report.End(isStopping ? EndReason.Returned : EndReason.Done);
        ending.RemoveAll(static task => task.IsCompleted);
        ending.Add(chunk.Report.Appended);
        ended(chunk);
    }

    private ReportedEnd ToReported(ItemEnd end)
    {
        var reported = new ReportedEnd(end.Item.Index, end.Status, end.Pid) { Started = end.Started, Duration = end.Duration, ExitCode = end.ExitCode, Death = end.Death };
        return isStopping && end.Status == ItemStatus.Stopped
            ? reported with { Status = ItemStatus.Crashed, Death = new WorkerDeath(end.Pid, null, []) { HostFate = $"was stopped together with the host {host}" } }
            : reported;
    }
}
