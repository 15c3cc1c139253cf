using System.Diagnostics;
using QueueLog.Records;
using QueueLog.Scheduling;
using QueueLog.Wire;

namespace QueueLog.Workers;

/// <summary>What has become of a run's items: who holds which, what failed, what is tried again. Guarded by the pool's lock.</summary>
internal sealed class RunState(RunOptions options, int workerCount, TimeProvider time)
{
    private List<WorkItem> skipped = [];

    public Scheduler Scheduler { get; } = new(workerCount, time, options.Window);

    /// <summary>Items of which nothing more will come, those never begun left out.</summary>
    public long Ended { get; private set; }

    /// <summary>Those of them that failed, took too long, or cost a worker its life.</summary>
    public long Failed { get; private set; }

    /// <summary>Whether so many have failed that the rest is not run.</summary>
    public bool IsHalted { get; private set; }

    /// <summary>Items that are not run for that, so far.</summary>
    public long SkippedCount { get; private set; }

    /// <summary>Adds an item for one worker, or for any when the number is negative.</summary>
    public void Add(WorkItem item, int worker)
    {
        if (IsHalted)
        {
            skipped.Add(item);
            SkippedCount++;
        }
        else if (worker < 0)
        {
            Scheduler.Add(item);
        }
        else
        {
            Scheduler.AddFor(worker, item);
        }
    }

    /// <summary>The items that are not run and have not been told yet; null for none.</summary>
    public ItemsSkipped? TakeSkipped()
    {
        if (skipped.Count == 0)
        {
            return null;
        }

        skipped.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        var told = new ItemsSkipped(skipped);
        skipped = [];
        return told;
    }

    /// <summary>Whether failures have just become so many; asked once after each change.</summary>
    public bool TakeHalt()
    {
        if (IsHalted || !options.Halt.IsReached(Ended, Failed))
        {
            return false;
        }

        IsHalted = true;
        GiveUp(Scheduler.Abandon());
        return true;
    }

    /// <summary>Takes note of what a frame of results says of items' ends.</summary>
    /// <returns>The items that its errors belong to, and what its ends mean; null where there are none to tell.</returns>
    /// <exception cref="ProtocolException">The worker does not speak the truth.</exception>
    public (Queue<WorkItem>? Items, Queue<ItemEnd>? Ends) TakeFrame(WorkerSlot slot, int pid, ReadOnlySpan<byte> payload)
    {
        Queue<WorkItem>? items = null;
        Queue<ItemEnd>? ends = null;
        while (WorkEntryCodec.TryRead(ref payload, out var entry))
        {
            if (entry.Kind == WorkEntryKind.Ended)
            {
                var (outcome, microseconds, started) = WorkEntryCodec.ReadEnded(entry.Body);
                var item = Scheduler.End(slot.Index, entry.Index, outcome == ItemOutcome.NotBegun ? -1 : microseconds)
                    ?? throw new ProtocolException($"A worker ended item {entry.Index}, which it does not hold.");
                if (outcome == ItemOutcome.NotBegun)
                {
                    PutBack(item);
                    continue;
                }

                slot.ItemsDone++;
                if (outcome == ItemOutcome.Completed && !options.TellsEnds)
                {
                    Settle(item, ItemStatus.Completed);
                    continue;
                }

                (ends ??= new()).Enqueue(Judge(slot, pid, item, StatusOf(item, outcome)) with
                {
                    Started = new DateTimeOffset(started, TimeSpan.Zero).ToLocalTime(),
                    Duration = TimeSpan.FromMicroseconds(microseconds),
                });
            }
            else if (entry.Kind is WorkEntryKind.Error or WorkEntryKind.Failure && entry.Index >= 0)
            {
                (items ??= new()).Enqueue(Scheduler.Current(slot.Index) ?? throw new ProtocolException("A worker reported an error without an item."));
            }
        }

        return (items, ends);
    }

    /// <summary>Counts a process out: what it had not begun goes to others, what it had is judged.</summary>
    /// <param name="slot">Its place.</param>
    /// <param name="begun">How many items it had begun in this run.</param>
    /// <param name="death">How it ended.</param>
    /// <param name="isAsked">Whether it was asked to give up its items.</param>
    /// <param name="startedAt">When it began the item it was at, in ticks of the monotonic clock; 0 when it was at none.</param>
    public List<ItemEnd> TakeLeave(WorkerSlot slot, long begun, WorkerDeath death, bool isAsked, long startedAt)
    {
        var lost = new List<WorkItem>();
        Scheduler.Down(slot.Index, begun, lost);
        var ends = new List<ItemEnd>(lost.Count);
        foreach (var item in lost)
        {
            var status = item.IsOverdue ? ItemStatus.TimedOut : isAsked || IsHalted ? ItemStatus.Stopped : ItemStatus.Crashed;
            item.Deaths += status == ItemStatus.Crashed ? 1 : 0;
            var end = Judge(slot, death.Pid, item, status) with { Death = death };
            if (startedAt != 0 && item == lost[^1])
            {
                var duration = Stopwatch.GetElapsedTime(startedAt);
                end = end with { Started = DateTimeOffset.Now - duration, Duration = duration };
            }

            ends.Add(end);
        }

        if (IsHalted)
        {
            // What went back to the queue.
            GiveUp(Scheduler.Abandon());
        }

        return ends;
    }

    /// <summary>Ends what a worker holds that has given up a halted run.</summary>
    /// <param name="slot">Its place.</param>
    /// <param name="pid">Its process.</param>
    /// <param name="begun">How many items it had begun in this run, those it was told to give up included.</param>
    public List<ItemEnd> TakeCancelled(WorkerSlot slot, int pid, long begun)
    {
        var given = new List<WorkItem>();
        Scheduler.Down(slot.Index, begun, given);
        var ends = given.Take(1).Select(item => Judge(slot, pid, item, ItemStatus.Stopped)).ToList();
        GiveUp([.. given.Skip(1), .. Scheduler.Abandon()]);
        return ends;
    }

    private static ItemStatus StatusOf(WorkItem item, ItemOutcome outcome) => outcome switch
    {
        ItemOutcome.Completed => ItemStatus.Completed,
        ItemOutcome.Failed => item.IsOverdue ? ItemStatus.TimedOut : ItemStatus.Failed,
        _ => item.IsOverdue ? ItemStatus.TimedOut : ItemStatus.Stopped,
    };

    private ItemEnd Judge(WorkerSlot slot, int pid, WorkItem item, ItemStatus status)
    {
        var attempt = item.Attempt;
        item.IsOverdue = false;
        var delay = IsHalted ? null : options.Retry.After(item, status);
        if (delay is { } pause)
        {
            Scheduler.Retry(item, pause);
        }
        else
        {
            Settle(item, status);
        }

        return new ItemEnd(item, status, attempt, IsFinal: delay is null) { Worker = slot.Name, Pid = pid, Delay = delay ?? TimeSpan.Zero };
    }

    private void Settle(WorkItem item, ItemStatus status)
    {
        Ended++;
        Failed += status is ItemStatus.Completed or ItemStatus.Stopped ? 0 : 1;
        Scheduler.Settle(item);
    }

    private void PutBack(WorkItem item)
    {
        if (IsHalted)
        {
            GiveUp([item]);
        }
        else
        {
            Scheduler.Return(item);
        }
    }

    private void GiveUp(List<WorkItem> items)
    {
        items.ForEach(Scheduler.Settle);
        skipped.AddRange(items);
        SkippedCount += items.Count;
    }
}
