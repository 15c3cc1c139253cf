using System.Diagnostics;
using QueueLog.Pool.Scheduling;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Pool.State;

/// <summary>What has become of a run's items: who holds which, what failed, what is tried again. Guarded by the pool's lock.</summary>
internal sealed class RunState(RunOptions options, int workerCount, TimeProvider time)
{
    private readonly long begun = time.GetTimestamp();
    private readonly LastFailures failures = new(time);

    // Items with workers that nobody wants any more, and since when.
    private readonly Dictionary<WorkItem, long> givenUp = [];
    private List<WorkItem> skipped = [];
    private long expected = -1;
    private long slowestMicroseconds;

    public Scheduler Scheduler { get; } = new(workerCount, time, options.Window);

    /// <summary>How many items there will be, where that is known before the input has ended; negative where not. Any thread may set it.</summary>
    public long Expected
    {
        get => Volatile.Read(ref expected);
        set => Volatile.Write(ref expected, value);
    }

    public DateTimeOffset Started { get; } = time.GetLocalNow();

    /// <summary>The items that failed last.</summary>
    public FailedItem[] LastFailures => failures.All;

    /// <summary>Items of which nothing more will come, those never begun left out.</summary>
    public long Ended { get; private set; }

    /// <summary>Those of them that failed, took too long, or cost a worker its life.</summary>
    public long Failed { get; private set; }

    /// <summary>How often an item was, or is to be, tried again.</summary>
    public long Retried { get; private set; }

    /// <summary>The item that took longest, of those that a worker ended; null for none.</summary>
    public SlowItem? Slowest { get; private set; }

    /// <summary>Items that were stopped.</summary>
    public long Stopped { get; private set; }

    /// <summary>Whether so many have failed, or the run takes so long, that the rest is not run.</summary>
    public bool IsHalted { get; private set; }

    /// <summary>Items that are not run for that, so far.</summary>
    public long SkippedCount { get; private set; }

    /// <summary>Whether the run has taken longer than it may.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>Why the rest is not run; null when it is.</summary>
    public RunFailure? HaltedBy =>
        IsTimedOut ? new RunTimedOut(options.RunTimeout!.Value, Ended - Stopped, Stopped, SkippedCount)
        : IsHalted ? new RunHalted(Failed, Ended, SkippedCount)
        : null;

    /// <summary>How long it may still take; null for as long as it likes, or when that time is over.</summary>
    public TimeSpan? UntilTimeout => IsTimedOut ? null : options.RunTimeout - time.GetElapsedTime(begun);

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

    /// <summary>Adds an item that cannot be sent to any worker: it has failed.</summary>
    /// <returns>Its end; null where it would not be run in any case.</returns>
    public ItemEnd? AddUnsendable(WorkItem item, Exception reason)
    {
        if (IsHalted)
        {
            Add(item, -1);
            return null;
        }

        Scheduler.AddFinished(item);
        Ended++;
        Failed++;
        failures.Add(item, ItemStatus.Failed, null);
        return new ItemEnd(item, ItemStatus.Failed, Attempt: 0, IsFinal: true) { NotSent = reason };
    }

    /// <summary>The items that are not run and have not been told yet; null for none.</summary>
    public ItemsSkipped? DequeueSkipped()
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
    public bool TryHalt()
    {
        if (IsHalted || !options.Halt.IsReached(Ended, Failed))
        {
            return false;
        }

        Halt();
        return true;
    }

    /// <summary>Runs no other items.</summary>
    public void Halt()
    {
        if (!IsHalted)
        {
            IsHalted = true;
            GiveUp(Scheduler.Abandon());
        }
    }

    /// <summary>Nobody wants some of the items any more: those that wait are skipped, and what workers have is to be stopped.</summary>
    public void GiveUp(IReadOnlySet<WorkItem> items)
    {
        GiveUp(Scheduler.Remove(items.Contains));
        foreach (var item in Scheduler.HeldItems.Where(items.Contains))
        {
            givenUp.TryAdd(item, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Whether workers have items that nobody wants any more.</summary>
    public bool HasGivenUp => givenUp.Count > 0;

    /// <summary>Since when nobody wants an item any more, in ticks of the monotonic clock; null where it is wanted.</summary>
    public long? GivenUpSince(WorkItem item) => givenUp.TryGetValue(item, out var since) ? since : null;

    /// <summary>Whether the time of the run has just passed.</summary>
    public bool TryTimeOut()
    {
        if (Scheduler.IsDone || UntilTimeout is not { } left || left > TimeSpan.Zero)
        {
            return false;
        }

        IsHalted = IsTimedOut = true;
        GiveUp(Scheduler.Abandon());
        return true;
    }

    /// <summary>Applies what a frame of results says, and notes at its entries which items their errors are about and what their ends mean.</summary>
    /// <returns>The ends that are to be told; null for none.</returns>
    /// <exception cref="ProtocolException">The worker does not speak the truth.</exception>
    public List<ItemEnd>? Apply(ResultFrame frame, Worker worker)
    {
        List<ItemEnd>? ends = null;
        foreach (ref var entry in frame.Entries)
        {
            if (entry.Kind == WorkEntryKind.Ended)
            {
                if (ApplyEnd(entry.Index, frame.Body(in entry), worker) is { } end)
                {
                    entry.End = end;
                    (ends ??= []).Add(end);
                }
            }
            else if (entry.Kind is WorkEntryKind.Error or WorkEntryKind.Failure && entry.Index >= 0)
            {
                entry.Item = Scheduler.Current(worker.Index) ?? throw new ProtocolException("A worker reported an error without an item.");
            }
        }

        return ends;
    }

    /// <summary>Counts a process out: what it had not begun goes to others, what it had is judged.</summary>
    /// <param name="worker">Its worker.</param>
    /// <param name="begun">How many items it had begun in this run.</param>
    /// <param name="death">How it ended.</param>
    /// <param name="isAsked">Whether it was asked to give up its items.</param>
    /// <param name="startedAt">When it began the item it was at, in ticks of the monotonic clock; 0 when it was at none.</param>
    public List<ItemEnd> EndProcess(Worker worker, long begun, WorkerDeath death, bool isAsked, long startedAt)
    {
        var lost = new List<WorkItem>();
        Scheduler.Down(worker.Index, begun, lost);
        var ends = new List<ItemEnd>(lost.Count);
        foreach (var item in lost)
        {
            var status = item.IsOverdue ? StatusOfStopped(item) : isAsked || IsHalted ? ItemStatus.Stopped : ItemStatus.Crashed;
            item.Deaths += status == ItemStatus.Crashed ? 1 : 0;
            var end = Judge(worker, death.Pid, item, status) with { Death = death };
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
        else if (HasGivenUp)
        {
            GiveUp(Scheduler.Remove(givenUp.ContainsKey));
        }

        return ends;
    }

    /// <summary>Ends what a worker holds that has given up a halted run.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="begun">How many items it had begun in this run, those it was told to give up included.</param>
    public List<ItemEnd> EndCancelled(Worker worker, long begun)
    {
        var given = new List<WorkItem>();
        Scheduler.Down(worker.Index, begun, given);
        var ends = given.Take(1).Select(item => Judge(worker, worker.Pid, item, ItemStatus.Stopped)).ToList();
        GiveUp([.. given.Skip(1), .. Scheduler.Abandon()]);
        return ends;
    }

    private ItemStatus StatusOf(WorkItem item, ItemOutcome outcome) => outcome switch
    {
        ItemOutcome.Completed => ItemStatus.Completed,
        ItemOutcome.Failed when !item.IsOverdue => ItemStatus.Failed,
        _ => StatusOfStopped(item),
    };

    private ItemStatus StatusOfStopped(WorkItem item) => item.IsOverdue && !givenUp.ContainsKey(item) ? ItemStatus.TimedOut : ItemStatus.Stopped;

    private ItemEnd? ApplyEnd(long index, ReadOnlySpan<byte> body, Worker worker)
    {
        var (outcome, microseconds, started, exitCode) = WorkEntryCodec.ReadEnded(body);
        var item = Scheduler.End(worker.Index, index, outcome == ItemOutcome.NotBegun ? -1 : microseconds)
            ?? throw new ProtocolException($"A worker ended item {index}, which it does not hold.");
        if (outcome == ItemOutcome.NotBegun)
        {
            PutBack(item);
            return null;
        }

        worker.ItemsDone++;
        if (Slowest is null || microseconds > slowestMicroseconds)
        {
            slowestMicroseconds = microseconds;
            Slowest = new SlowItem(item.Index, item.Input, TimeSpan.FromMicroseconds(microseconds));
        }

        if (outcome == ItemOutcome.Completed && !options.ReportsEnds)
        {
            Finish(item, ItemStatus.Completed);
            return null;
        }

        return Judge(worker, worker.Pid, item, StatusOf(item, outcome)) with
        {
            Started = new DateTimeOffset(started, TimeSpan.Zero).ToLocalTime(),
            Duration = TimeSpan.FromMicroseconds(microseconds),
            ExitCode = exitCode,
        };
    }

    private ItemEnd Judge(Worker worker, int pid, WorkItem item, ItemStatus status)
    {
        var attempt = item.Attempt;
        item.IsOverdue = false;
        var delay = IsHalted ? null : options.Retry.After(item, status);
        if (delay is { } pause)
        {
            Retried++;
            Scheduler.Retry(item, pause);
        }
        else
        {
            Finish(item, status);
            if (status is not (ItemStatus.Completed or ItemStatus.Stopped))
            {
                failures.Add(item, status, worker.Name);
            }
        }

        return new ItemEnd(item, status, attempt, IsFinal: delay is null) { Worker = worker.Name, Pid = pid, Delay = delay ?? TimeSpan.Zero };
    }

    private void Finish(WorkItem item, ItemStatus status)
    {
        Ended++;
        Failed += status is ItemStatus.Completed or ItemStatus.Stopped ? 0 : 1;
        Stopped += status == ItemStatus.Stopped ? 1 : 0;
        givenUp.Remove(item);
        Scheduler.Finish(item);
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
        items.ForEach(item => givenUp.Remove(item));
        items.ForEach(Scheduler.Finish);
        skipped.AddRange(items);
        SkippedCount += items.Count;
    }
}
