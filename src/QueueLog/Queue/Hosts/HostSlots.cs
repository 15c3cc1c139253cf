namespace QueueLog.Queue.Hosts;

/// <summary>How many chunks a host may have at once, over all runs. Thread-safe.</summary>
/// <param name="slots">How many items it runs at once.</param>
/// <param name="time">The clock.</param>
internal sealed class HostSlots(int slots, TimeProvider time)
{
    // The next chunk of short ones is there before a slot is free. Who has a long one leaves the next to others.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    private readonly object gate = new();
    private TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private double averageSeconds = double.MaxValue;
    private int taken;

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
        TaskCompletionSource told;
        lock (gate)
        {
            taken--;
            if (since is { } begun)
            {
                var seconds = time.GetElapsedTime(begun).TotalSeconds;
                averageSeconds = averageSeconds == double.MaxValue ? seconds : (averageSeconds * 0.8) + (seconds * 0.2);
            }

            told = released;
            released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.SetResult();
    }

    /// <summary>Waits until there is room.</summary>
    public async Task WaitForRoomAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (taken < Limit)
                {
                    return;
                }

                next = released.Task;
            }

            await next.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
