using QueueLog.Diagnostics;

namespace QueueLog.Queue.Hosts;

/// <summary>How many chunks a host may have at once, over all runs. Thread-safe.</summary>
internal sealed class HostSlots
{
    // The next chunk of short ones is there before a slot is free. Who has a long one leaves the next to others.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    // By then a short one has ended. One that did not get its slot is another host's to take.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly int slots;
    private readonly TimeProvider time;
    private readonly object gate = new();
    private readonly ChangeSignal changed;
    private double averageSeconds = double.MaxValue;
    private int taken;

    // Items of the chunks there are; chunks that wait for a slot, and those of them that are one item.
    private int items;
    private int waiting;
    private int waitingItems;

    /// <param name="slots">How many items it runs at once.</param>
    /// <param name="time">The clock.</param>
    public HostSlots(int slots, TimeProvider time)
    {
        this.slots = slots;
        this.time = time;
        changed = new ChangeSignal(gate);
    }

    /// <summary>How many chunks there are.</summary>
    public int Taken
    {
        get
        {
            lock (gate)
            {
                return taken;
            }
        }
    }

    /// <summary>How many more there may be.</summary>
    public int Room
    {
        get
        {
            lock (gate)
            {
                return Limit - taken - waiting;
            }
        }
    }

    private int Limit => averageSeconds < Short.TotalSeconds ? 2 * slots : slots;

    /// <summary>
    /// Takes a slot for a chunk. One of a single item waits until a worker is free for it, so that a host that dies has begun it: the item is blamed
    /// for the death. Of several it is not known which were begun, and none is blamed.
    /// </summary>
    /// <param name="count">How many items it has.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null where there is none.</returns>
    public async Task<TakenSlot?> TakeAsync(int count, CancellationToken cancellation)
    {
        TakenSlot? taken;
        lock (gate)
        {
            if ((taken = Take(count)) is not null)
            {
                return taken;
            }

            waiting++;
            waitingItems += count == 1 ? 1 : 0;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = new WaitLimit(LongestWait, time).CancelAtEnd(end);
        try
        {
            await changed.WaitAsync(() => (taken = Take(count)) is not null, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
        }
        finally
        {
            lock (gate)
            {
                waiting--;
                waitingItems -= count == 1 ? 1 : 0;
            }

            changed.Set();
        }

        return taken;
    }

    /// <summary>A slot is free again.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="wasUsed">Whether anything was run in it.</param>
    public void Release(TakenSlot slot, bool wasUsed = true)
    {
        lock (gate)
        {
            taken--;
            items -= slot.Items;
            if (wasUsed)
            {
                var seconds = time.GetElapsedTime(slot.Since).TotalSeconds;
                averageSeconds = averageSeconds == double.MaxValue ? seconds : (averageSeconds * 0.8) + (seconds * 0.2);
            }
        }

        changed.Set();
    }

    /// <summary>Waits until there is room.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellation) => changed.WaitAsync(() => taken + waiting < Limit, cancellation);

    private TakenSlot? Take(int count)
    {
        // What is alone goes first: others would take each worker as it comes free.
        if (count == 1 ? items >= slots : taken >= Limit || waitingItems > 0)
        {
            return null;
        }

        taken++;
        items += count;
        return new TakenSlot(time.GetTimestamp(), count);
    }
}

/// <param name="Since">When it was taken.</param>
/// <param name="Items">How many items its chunk has.</param>
internal readonly record struct TakenSlot(long Since, int Items);
