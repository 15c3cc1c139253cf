using System.Diagnostics;

namespace QueueLog.Sinks.Queued;

/// <summary>Entries on their way to a thread of the sink's own, bounded, so that a sink that is slow or stands still holds up nobody.</summary>
// The dispatcher's thread adds and closes, the sink's own thread takes; what they share is under the gate, and every change of
// it is a pulse. When the queue stays full the sink is behind: entries are counted instead of kept, until it is empty.
internal sealed class SinkQueue(SinkQueueOptions options, Action<SinkQueue> take)
{
    private readonly object gate = new();
    private readonly BlockQueue blocks = new(options.JoinUpTo);
    private Thread? thread;
    private long removed;
    private TimeSpan timeout = options.RoomTimeout;

    // Entries left out since the sink fell behind.
    private long lostSinceBehind;
    private volatile bool behind;
    private long lost;

    // Of the first block, which is kept.
    private Exception? failure;
    private bool closed;
    private bool givenUp;
    private bool ended;

    /// <summary>Entries that were left out.</summary>
    public long Lost => Interlocked.Read(ref lost);

    /// <summary>Whether entries are left out at present.</summary>
    public bool IsBehind => behind;

    /// <summary>Whether the first block cannot be written at present.</summary>
    public bool IsFailing => Volatile.Read(ref failure) is not null;

    /// <summary>Whether there was ever something to be taken.</summary>
    public bool HasStarted
    {
        get
        {
            lock (gate)
            {
                return thread is not null;
            }
        }
    }

    /// <summary>Counts an entry as left out while the sink is behind.</summary>
    public bool CountLostIfBehind()
    {
        if (!behind)
        {
            return false;
        }

        lock (gate)
        {
            if (behind)
            {
                CountLost(1);
            }

            return behind;
        }
    }

    /// <summary>Takes whole entries.</summary>
    /// <returns>False when there was no room for them: they are left out, and the sink is behind from then on.</returns>
    public bool TryAdd(ReadOnlySpan<byte> bytes, int entries)
    {
        lock (gate)
        {
            if (closed || behind || !(HasRoom(bytes.Length) || WaitForRoom(bytes.Length)))
            {
                behind = true;
                CountLost(entries);
                return false;
            }

            blocks.Add(bytes, entries);
            if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = options.ThreadName };
                thread.Start();
            }

            Monitor.PulseAll(gate);
            return true;
        }
    }

    /// <summary>For the taker: waits for the block to be worked on next, which stays first until it is removed.</summary>
    /// <param name="block">The block; empty when there is only something to be told.</param>
    /// <param name="left">Entries that were left out before it, and were not told yet.</param>
    /// <returns>False at the end.</returns>
    public bool Next(out QueuedBlock block, out long left)
    {
        block = default;
        left = 0;
        lock (gate)
        {
            while (true)
            {
                if (givenUp)
                {
                    return false;
                }

                if (blocks.TryPeek(out block))
                {
                    return true;
                }

                timeout = options.RoomTimeout;
                if (lostSinceBehind > 0)
                {
                    left = lostSinceBehind;
                    lostSinceBehind = 0;
                    behind = false;
                    return true;
                }

                if (closed)
                {
                    return false;
                }

                Monitor.Wait(gate);
            }
        }
    }

    /// <summary>For the taker: the first block is done with.</summary>
    public void Remove()
    {
        lock (gate)
        {
            removed++;

            // There is none when it was closed meanwhile.
            blocks.Remove();
            failure = null;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>For the taker: the first block cannot be written at present. Nobody waits for room meanwhile.</summary>
    public void Fail(Exception exception)
    {
        lock (gate)
        {
            failure = exception;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>For the taker: waits before it tries again.</summary>
    /// <param name="pause">How long.</param>
    /// <param name="untilClosed">Whether it tries once more when the queue is closed, and then no more. Default: until it is given up.</param>
    /// <returns>False when it is not to try any more.</returns>
    public bool Pause(TimeSpan pause, bool untilClosed = false)
    {
        lock (gate)
        {
            var isLast = untilClosed && closed;
            Wait(isLast ? TimeSpan.Zero : pause, () => givenUp || (untilClosed && closed));
            return !(givenUp || isLast);
        }
    }

    /// <summary>Waits until everything that is in it now is done with.</summary>
    public void Drain(TimeSpan timeout)
    {
        lock (gate)
        {
            var last = blocks.Added;
            Wait(timeout, () => removed >= last || ended);
        }
    }

    /// <summary>Takes nothing any more, and waits until everything is done with.</summary>
    /// <param name="timeout">How long.</param>
    /// <returns>Whether it is.</returns>
    public bool Close(TimeSpan timeout)
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
            return Wait(timeout < options.CloseTimeout ? timeout : options.CloseTimeout, () => thread is null || ended);
        }
    }

    /// <summary>Ends the taker at its next step, and waits for that.</summary>
    /// <returns>Whether it has ended.</returns>
    public bool GiveUp(TimeSpan timeout)
    {
        lock (gate)
        {
            givenUp = true;
            Monitor.PulseAll(gate);
            return Wait(timeout, () => thread is null || ended);
        }
    }

    /// <summary>Forgets what was not done with, when it is closed.</summary>
    /// <param name="untold">Entries left out before, of which nobody was told.</param>
    /// <returns>How many entries were not done with, and why if that is known.</returns>
    public (long Entries, Exception? Cause) Abandon(out long untold)
    {
        lock (gate)
        {
            untold = lostSinceBehind;
            lostSinceBehind = 0;

            // Should the block under way ever be taken, nothing is to follow it.
            return (blocks.Clear(), failure);
        }
    }

    private void Run()
    {
        take(this);
        lock (gate)
        {
            ended = true;
            Monitor.PulseAll(gate);
        }
    }

    private void CountLost(int entries)
    {
        lostSinceBehind += entries;
        Interlocked.Add(ref lost, entries);
    }

    // An entry longer than the whole queue has room when it is alone.
    private bool HasRoom(int bytes) => blocks.Bytes == 0 || blocks.Bytes + bytes <= options.Capacity;

    private bool WaitForRoom(int bytes)
    {
        var since = Stopwatch.GetTimestamp();
        var hasRoom = Wait(timeout, () => HasRoom(bytes) || failure is not null) && HasRoom(bytes);
        if (!options.IsTimeoutPerWait)
        {
            timeout -= Stopwatch.GetElapsedTime(since);
        }

        return hasRoom;
    }

    private bool Wait(TimeSpan timeout, Func<bool> condition)
    {
        var until = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (!condition())
        {
            var left = until - Environment.TickCount64;
            if (left <= 0 || !Monitor.Wait(gate, TimeSpan.FromMilliseconds(left)))
            {
                return condition();
            }
        }

        return true;
    }
}
