using QueueLog.Diagnostics;

namespace QueueLog.Queue.Hosts;

/// <summary>How many chunks a host may have at once, over all runs. Thread-safe.</summary>
internal sealed class HostSlots
{
    // The next chunk of short ones is there before a slot is free. Who has a long one leaves the next to others.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    private readonly int slots;
    private readonly TimeProvider time;
    private readonly object gate = new();
    private readonly ChangeSignal changed;
    private double averageSeconds = double.MaxValue;
    private int taken;

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
                return Limit - taken;
            }
        }
    }

    private int Limit => averageSeconds < Short.TotalSeconds ? 2 * slots : slots;

    /// <summary>Takes a slot.</summary>
    /// <returns>When it was taken; null where there is none.</returns>
    public long? TryTake()
    {
        lock (gate)
        {
            if (taken >= Limit)
            {
                return null;
            }

            taken++;
            return time.GetTimestamp();
        }
    }

    /// <summary>A slot is free again.</summary>
    /// <param name="since">When it was taken; null when nothing was run in it.</param>
    public void Release(long? since)
    {
        lock (gate)
        {
            taken--;
            if (since is { } begun)
            {
                var seconds = time.GetElapsedTime(begun).TotalSeconds;
                averageSeconds = averageSeconds == double.MaxValue ? seconds : (averageSeconds * 0.8) + (seconds * 0.2);
            }
        }

        changed.Set();
    }

    /// <summary>Waits until there is room.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellation) => changed.WaitAsync(() => taken < Limit, cancellation);
}
