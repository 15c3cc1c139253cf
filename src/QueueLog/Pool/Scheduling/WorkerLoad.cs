using QueueLog.Records;

namespace QueueLog.Pool.Scheduling;

/// <summary>What one worker holds and how quick it is.</summary>
internal sealed class WorkerLoad
{
    // A batch is to last about this long: long enough that its frame costs nothing beside it, short enough to share fairly.
    private const long BatchMicroseconds = 2_000;

    // Beyond this a worker that waits for its next item loses nothing to speak of, while an item waiting behind a long one
    // might have run elsewhere: so long items are not handed out ahead.
    private const long AheadMicroseconds = 10_000;

    private const int LargestBatch = 256;

    private int lastBatch = 1;
    private long pace = -1;

    /// <summary>Whether the worker is there to take items.</summary>
    public bool IsUp { get; set; }

    /// <summary>Items sent and not ended, in the order they run.</summary>
    public Queue<WorkItem> Held { get; } = new();

    /// <summary>Items that only this worker may run.</summary>
    public Queue<WorkItem> Own { get; } = new();

    /// <summary>Items this process has ended in this run.</summary>
    public long Ended { get; set; }

    /// <summary>Whether items may be sent before the held ones have ended: one batch ahead of the one under way.</summary>
    public bool MayHoldMore => pace is >= 0 and < AheadMicroseconds && Held.Count <= lastBatch;

    /// <summary>How many items make a batch at the present pace; it at most doubles from one batch to the next.</summary>
    public int Batch => pace < 0 ? 1 : (int)Math.Clamp(BatchMicroseconds / Math.Max(pace, 1), 1, Math.Min(LargestBatch, lastBatch * 2L));

    public void Sent(int count) => lastBatch = Math.Max(count, lastBatch / 2);

    /// <summary>Learns how long an item took; slower items count at once, quicker ones little by little.</summary>
    public void Took(long microseconds) =>
        pace = pace < 0 ? microseconds : microseconds > pace ? (pace + microseconds) / 2 : ((7 * pace) + microseconds) / 8;

    /// <summary>Forgets a process that has ended; the pace is the work's and stays.</summary>
    public void Reset()
    {
        IsUp = false;
        Held.Clear();
        Ended = 0;
    }
}
