using QueueLog.Pool;
using QueueLog.Pool.State;
using QueueLog.Queue.History;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Queue.Submission;

/// <summary>Makes of the messages of the histories the events that a pool on this machine would give. Used under the run's lock.</summary>
/// <param name="items">The items.</param>
/// <param name="reportsEnds">Whether each end is told, and not only what went wrong.</param>
internal sealed class HistoryTranslator(RunItems items, bool reportsEnds)
{
    /// <summary>Applies what came of a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="claim">Who has it; null for nobody.</param>
    /// <param name="parts">What came.</param>
    /// <param name="events">Gets the events.</param>
    public void Apply(string chunk, ChunkClaim? claim, IEnumerable<ReportPart> parts, List<WorkEvent> events)
    {
        foreach (var part in parts)
        {
            var worker = claim is null ? part.Worker : NameOf(part.Worker, claim.Host);
            switch (part)
            {
                case ResultsPart results:
                    if (Wanted(chunk, results) is { } frame)
                    {
                        Complete(frame, chunk, worker, results.Ends);
                        events.Add(new WorkResults(worker, frame));
                    }

                    break;
                case LostPart lost:
                    if (EndItem(chunk, worker, lost.End) is { } end)
                    {
                        events.Add(new ItemLost(end));
                    }

                    break;
                case LinePart line:
                    events.Add(new WorkerLine(worker, line.IsError, line.Text));
                    break;
            }
        }
    }

    /// <summary>Ends the items of a chunk that has ended, as far as they have not.</summary>
    public void Close(string chunk, ChunkHistory history, List<(OfferedItem Item, ItemFate Fate)> rest, List<WorkEvent> events)
    {
        var host = history.Claim?.Host ?? "";
        foreach (var (offered, fate) in rest)
        {
            var reported = history.End == EndReason.Lost
                ? new ReportedEnd(offered.Index, ItemStatus.Crashed, 0) { Death = new WorkerDeath(0, null, []) { HostFate = $"was on host {host}, which was lost" } }
                : null;
            if (items.Find(offered.Index) is { } item && items.Follow(item, offered, fate, host, reported) is { } end)
            {
                events.Add(new ItemLost(end));
            }
        }
    }

    private static string NameOf(string worker, string host) => worker.Length == 0 ? host : $"{worker}@{host}";

    // What comes of an attempt that is over, or of an item that nobody asks for any more, is nobody's.
    private ResultFrame? Wanted(string chunk, ResultsPart results)
    {
        var frame = ResultFrame.Read(results.Entries.Span);
        var kept = 0;
        foreach (ref readonly var entry in frame.Entries)
        {
            kept += IsWanted(chunk, entry.Index) ? 1 : 0;
        }

        if (kept == frame.Entries.Length && kept > 0)
        {
            return frame;
        }

        using (frame)
        {
            var output = new ByteWriter();
            foreach (ref readonly var entry in frame.Entries)
            {
                if (IsWanted(chunk, entry.Index))
                {
                    output.WriteBytes(frame.Encoded(in entry, in entry));
                }
            }

            return kept == 0 ? null : ResultFrame.Read(output.Written);
        }
    }

    private bool IsWanted(string chunk, long index) => index < 0 || (items.Find(index) is not null && items.Ledger.Owns(chunk, index));

    private void Complete(ResultFrame frame, string chunk, string worker, ReportedEnd[] ends)
    {
        var next = 0;
        foreach (ref var entry in frame.Entries)
        {
            if (items.Find(entry.Index) is not { } item)
            {
                continue;
            }

            var index = entry.Index;
            entry.Index = item.Item.Index;
            if (entry.Kind is WorkEntryKind.Error or WorkEntryKind.Failure)
            {
                entry.Item = item.Item;
            }
            else if (entry.Kind == WorkEntryKind.Ended && Array.FindIndex(ends, next, end => end.Index == index) is >= 0 and var found)
            {
                // They are in the order of the entries.
                next = found + 1;
                entry.End = EndItem(chunk, worker, ends[found]) is { } end && (reportsEnds || end.Status != ItemStatus.Completed) ? end : null;
            }
        }
    }

    private ItemEnd? EndItem(string chunk, string worker, ReportedEnd reported) =>
        items.Find(reported.Index) is { } item && items.Ledger.EndItem(chunk, reported.Index, reported.Status, items.Rule) is var (offered, fate)
            ? items.Follow(item, offered, fate, worker, reported)
            : null;
}
