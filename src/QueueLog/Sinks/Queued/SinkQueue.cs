using System.Buffers;
using System.Diagnostics;

namespace QueueLog.Sinks.Queued;

/// <summary>Entries on their way to a thread of the sink's own, bounded, so that a sink that is slow or stands still holds up nobody.</summary>
// The dispatcher's thread adds and closes, the sink's own thread takes; what they share is under the gate, and every change of
// it is a pulse. When the queue stays full the sink is behind: entries are counted instead of kept, until it is empty.
internal sealed class SinkQueue(SinkQueueOptions options, Action<SinkQueue> take)
{
    private readonly object gate = new();
    private readonly Queue<QueuedBlock> blocks = new();

    // Behind the blocks: what came while there were some, joined. Empty while there are none.
    private QueuedBlock open;
    private Thread? thread;

    // Blocks so far.
    private long added;
    private long removed;

    // Bytes in the blocks, that under way included.
    private int buffered;
    private TimeSpan timeout = options.RoomTimeout;

    // Entries left out since the sink fell behind.
    private long lostSinceBehind;
    private volatile bool behind;
    private long lost;

    // Of the first block, which is kept.
    private Exception? failure;
    private bool retry;
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
                LeaveOut(1);
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
                LeaveOut(entries);
                return false;
            }

            Add(bytes, entries);
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

                if (blocks.Count == 0)
                {
                    Seal();
                }

                if (blocks.Count == 0)
                {
                    timeout = options.RoomTimeout;
                    if (lostSinceBehind > 0 && CatchUp(out left))
                    {
                        return true;
                    }
                }

                if (blocks.TryPeek(out block) && (failure is null || retry))
                {
                    retry = false;
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

            // None when it was closed meanwhile.
            if (blocks.TryDequeue(out var block))
            {
                buffered -= block.Length;
                ArrayPool<byte>.Shared.Return(block.Bytes);
            }

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

    /// <summary>For a taker that tries again by itself.</summary>
    /// <returns>False when it is not to try any more.</returns>
    public bool Pause(TimeSpan pause)
    {
        lock (gate)
        {
            return !Wait(pause, () => givenUp);
        }
    }

    /// <summary>Throws why the taker took nothing the last time, and has it try again.</summary>
    public void ThrowIfFailed()
    {
        lock (gate)
        {
            if (failure is not null)
            {
                retry = true;
                Monitor.PulseAll(gate);
                throw new IOException(failure.Message, failure);
            }
        }
    }

    /// <summary>Waits until everything that is in it now is done with.</summary>
    public void Drain(TimeSpan timeout)
    {
        lock (gate)
        {
            var last = added;
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
            retry = true;
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
            Seal();
            long rest = blocks.Sum(block => block.Entries);

            // Should the block under way ever be taken, nothing is to follow it.
            blocks.Clear();
            untold = lostSinceBehind;
            lostSinceBehind = 0;
            return (rest, failure);
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

    /// <returns>Whether the taker is to be told.</returns>
    private bool CatchUp(out long left)
    {
        left = lostSinceBehind;
        lostSinceBehind = 0;
        behind = false;
        if (options.Note is null)
        {
            return true;
        }

        // At once, so that it stands before what comes from now on.
        Add(options.Note(left), 0);
        return false;
    }

    private void Add(ReadOnlySpan<byte> bytes, int entries)
    {
        buffered += bytes.Length;
        if (blocks.Count == 0 || bytes.Length > options.JoinUpTo)
        {
            Seal();
            blocks.Enqueue(Block(bytes, entries, bytes.Length));
            added++;
            return;
        }

        if (open.Length + bytes.Length > options.JoinUpTo)
        {
            Seal();
        }

        if (open.Length == 0)
        {
            open = Block(bytes, entries, options.JoinUpTo);
            added++;
            return;
        }

        bytes.CopyTo(open.Bytes.AsSpan(open.Length));
        open = new QueuedBlock(open.Bytes, open.Length + bytes.Length, open.Entries + entries);
    }

    private static QueuedBlock Block(ReadOnlySpan<byte> bytes, int entries, int room)
    {
        var copy = ArrayPool<byte>.Shared.Rent(room);
        bytes.CopyTo(copy);
        return new QueuedBlock(copy, bytes.Length, entries);
    }

    private void Seal()
    {
        if (open.Length > 0)
        {
            blocks.Enqueue(open);
            open = default;
        }
    }

    private void LeaveOut(int entries)
    {
        lostSinceBehind += entries;
        Interlocked.Add(ref lost, entries);
    }

    // An entry longer than the whole queue has room when it is alone.
    private bool HasRoom(int bytes) => buffered == 0 || buffered + bytes <= options.Capacity;

    private bool WaitForRoom(int bytes)
    {
        var since = Stopwatch.GetTimestamp();
        var hasRoom = Wait(timeout, () => HasRoom(bytes) || failure is not null) && HasRoom(bytes);
        if (!options.IsPatientAgain)
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

/// <summary>Whole entries, that are taken together.</summary>
/// <param name="Bytes">A rented array.</param>
/// <param name="Length">How much of it is used.</param>
/// <param name="Entries">How many entries these are.</param>
internal readonly record struct QueuedBlock(byte[] Bytes, int Length, int Entries)
{
    public ReadOnlySpan<byte> Content => Bytes.AsSpan(0, Length);
}
