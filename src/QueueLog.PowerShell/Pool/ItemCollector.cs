using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.Pool.JobLog;
using QueueLog.PowerShell.Errors;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>
/// Stands between the events of a run and the streams where items matter one by one: drops what failed attempts gave, puts items in
/// order, makes one result of each, and notes what is finished. Items are added by one thread, the rest is one other's.
/// </summary>
/// <param name="output">Where it all goes.</param>
/// <param name="options">What is asked for.</param>
internal sealed class ItemCollector(PoolOutput output, CollectorOptions options)
{
    // Written by who adds items to the run, each before it is added; emptied by who reads the run.
    private readonly ConcurrentQueue<(CollectedItem Item, bool IsSkipped)> added = new();

    // Items whose end is not known or that wait for their turn, by their index; and, where the order matters, in it.
    private readonly Dictionary<long, CollectedItem> open = [];
    private readonly Queue<CollectedItem> order = new();

    /// <summary>Announces an item, before it is added to the run.</summary>
    /// <param name="item">The item.</param>
    /// <param name="key">Which input it is; nothing where there is no log.</param>
    /// <param name="isSkipped">Whether it is not going to be run at all.</param>
    public void Expect(WorkItem item, InputKey key, bool isSkipped) => added.Enqueue((new CollectedItem(item, key), isSkipped));

    /// <summary>Takes what has been announced.</summary>
    public void ReadAdded()
    {
        while (added.TryDequeue(out var next))
        {
            var item = open[next.Item.Item.Index] = next.Item;
            if (options.KeepsOrder)
            {
                order.Enqueue(item);
            }

            if (next.IsSkipped)
            {
                Finish(item, Unbegun(item, ItemStatus.Skipped));
            }
        }
    }

    public void Write(WorkEvent workEvent)
    {
        ReadAdded();
        switch (workEvent)
        {
            case WorkResults results:
                HandleResults(results);
                break;
            case ItemLost lost:
                output.Progress?.EndItem(lost.Worker);
                HandleEnd(lost.End);
                break;
            case ItemsSkipped skipped:
                foreach (var item in skipped.Items)
                {
                    if (open.TryGetValue(item.Index, out var collected))
                    {
                        Finish(collected, Unbegun(collected, ItemStatus.Skipped));
                    }
                }

                break;
            default:
                output.Write(workEvent);
                break;
        }
    }

    /// <summary>The run is over: what has ended is passed on even if items before it have not, and the others will not be run.</summary>
    public void Complete()
    {
        ReadAdded();
        foreach (var item in open.Values.OrderBy(static item => item.Item.Index).ToList())
        {
            if (item.End is null)
            {
                Finish(item, Unbegun(item, item.HasBegun ? ItemStatus.Stopped : ItemStatus.Skipped));
            }
        }
    }

    private static ItemEnd Unbegun(CollectedItem item, ItemStatus status) => new(item.Item, status, status == ItemStatus.Skipped ? 0 : item.Item.Attempt, IsFinal: true);

    private void HandleResults(WorkResults results)
    {
        foreach (ref readonly var entry in results.Frame.Entries)
        {
            switch (entry.Kind)
            {
                case WorkEntryKind.Progress:
                    output.Progress?.Apply(results.Worker, WorkEntryCodec.ReadProgress(results.Frame.Body(in entry)));
                    break;
                case WorkEntryKind.Ended:
                    output.Progress?.EndItem(results.Worker);
                    if (entry.End is { } end)
                    {
                        HandleEnd(end);
                    }

                    break;
                default:
                    var record = new StreamRecord(entry.Kind, output.Read(results, in entry));
                    if (open.TryGetValue(entry.Index, out var item))
                    {
                        item.HasBegun = true;
                        HandleRecord(item, record);
                    }
                    else if (!options.GivesResults || record.Kind != WorkEntryKind.Output)
                    {
                        // Of no item: an initialization's, which is no result.
                        output.Write(record.Kind, record.Value);
                    }

                    break;
            }
        }
    }

    private void HandleRecord(CollectedItem item, StreamRecord record)
    {
        if (options.GivesResults || options.Log is not null)
        {
            item.Keep(record);
        }

        if (options.GivesResults && record.Kind is not (WorkEntryKind.Verbose or WorkEntryKind.Debug))
        {
            return;
        }

        // Whether an attempt was the last is known at its end; and a failure is noted in the log as soon as it is passed on.
        if (record.Kind == WorkEntryKind.Failure || (options.Retries > 0 && (record.Kind == WorkEntryKind.Output || (record.Kind == WorkEntryKind.Error && options.ErrorsFail))))
        {
            item.Withheld.Enqueue(record);
        }
        else if (IsItsTurn(item))
        {
            output.Write(record.Kind, record.Value);
        }
        else
        {
            item.Waiting.Enqueue(record);
        }
    }

    private void HandleEnd(ItemEnd end)
    {
        if (!open.TryGetValue(end.Item.Index, out var item))
        {
            return;
        }

        item.HasBegun = true;
        if (end.IsFinal)
        {
            if (PoolOutput.ErrorOf(end) is { } error)
            {
                HandleRecord(item, new StreamRecord(WorkEntryKind.Failure, error));
            }

            Finish(item, end);
            return;
        }

        HandleRecord(item, new StreamRecord(WorkEntryKind.Warning, WhyAgain(end, item.DropAttempt(options.ErrorsFail))));
    }

    private string WhyAgain(ItemEnd end, ErrorRecord? failure)
    {
        var reason = end.Status switch
        {
            ItemStatus.TimedOut => "it exceeded -TimeoutSeconds",
            ItemStatus.Crashed when end.Death is { HostFate: { } fate } => $"it {fate}",
            ItemStatus.Crashed => $"{end.Worker} (process {end.Pid}) {end.Death?.Describe()}",
            _ => failure?.Exception.Message.TrimEnd('.', ' ', '\r', '\n'),
        };
        var pause = end.Delay > TimeSpan.Zero ? string.Create(CultureInfo.CurrentCulture, $" in {end.Delay.TotalSeconds:0.###} s") : "";
        return $"Attempt {end.Attempt} of {options.Retries + 1} of {PoolErrors.NameOf(end.Item.Index, end.Item.Input)}, failed: {reason}; it is tried again{pause}.";
    }

    private bool IsItsTurn(CollectedItem item) => !options.KeepsOrder || (order.TryPeek(out var first) && first == item);

    private void Finish(CollectedItem item, ItemEnd end)
    {
        item.End = end;
        if (!options.KeepsOrder)
        {
            HandOn(item);
            return;
        }

        while (order.TryPeek(out var first))
        {
            if (first.End is null)
            {
                // From here on it is passed on as it comes.
                WriteAll(first.Waiting, keepLast: false);
                return;
            }

            order.Dequeue();
            HandOn(first);
        }
    }

    /// <summary>Passes on what is left of an item that has ended.</summary>
    private void HandOn(CollectedItem item)
    {
        open.Remove(item.Item.Index);
        foreach (var record in item.Withheld)
        {
            item.Waiting.Enqueue(record);
        }

        var result = options.GivesResults || options.Log is not null ? item.ToResult() : null;
        if (options.GivesResults)
        {
            item.Waiting.Enqueue(new StreamRecord(WorkEntryKind.Output, result));
        }

        WriteAll(item.Waiting, keepLast: true);
        try
        {
            WriteAll(item.Waiting, keepLast: false);
        }
        finally
        {
            // Also when the last of it ended the pipeline: who has got it all need not get it again.
            if (options.Log is { } log && result is not null && log.TryWrite(item.Key, result) is { } error)
            {
                output.Write(WorkEntryKind.Error, error);
            }
        }
    }

    private void WriteAll(Queue<StreamRecord> records, bool keepLast)
    {
        while (records.Count > (keepLast ? 1 : 0))
        {
            var record = records.Dequeue();
            output.Write(record.Kind, record.Value);
        }
    }
}

/// <summary>What is to be known of each item, and not only to be passed on.</summary>
internal sealed record CollectorOptions
{
    /// <summary>How often a failed item is tried again; what a failed attempt gave is then nothing. Default: 0.</summary>
    public int Retries { get; init; }

    /// <summary>Whether an error record fails its item. Default: yes.</summary>
    public bool ErrorsFail { get; init; } = true;

    /// <summary>Whether results come in the order of the input. Default: as they are there.</summary>
    public bool KeepsOrder { get; init; }

    /// <summary>Whether each item gives one object with all that is known of it. Default: its streams.</summary>
    public bool GivesResults { get; init; }

    /// <summary>Where finished items are noted; null for nowhere.</summary>
    public ItemLog? Log { get; init; }

    /// <summary>Whether items need to be looked at one by one at all.</summary>
    public bool IsNeeded => Retries > 0 || KeepsOrder || GivesResults || Log is not null;
}
