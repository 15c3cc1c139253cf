using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>
/// Records on their way from the writers to the sender loop: two buffers, one being filled while the other is sent.
/// Writers wait while both are full. Of a client with a ring only its control frames come this way.
/// </summary>
internal sealed class PipeChannel(int capacity) : IRecordChannel
{
    private const int NoWake = int.MaxValue;

    private readonly int bufferCapacity = capacity / 2;

    // So much is worth a frame at once, however young the one before is.
    private readonly int enough = capacity / 8;
    private readonly object gate = new();

    // Released when as much is there as the sender waits for; there is one sender.
    private readonly SemaphoreSlim filled = new(0, 1);

    // Guarded by gate.
    private ByteWriter filling = new();
    private int openFrame = -1;
    private long sequence;
    private long sentThrough;
    private int waiters;
    private int wakeAt = NoWake;
    private bool hasControlFrame;
    private bool completed;
    private bool abandoned;
    private bool interrupted;

    // Used by the sender.
    private ByteWriter sending = new();
    private long takenThrough;

    /// <inheritdoc/>
    public long LastSequence
    {
        get
        {
            lock (gate)
            {
                return sequence;
            }
        }
    }

    /// <summary>Whether no more is taken.</summary>
    public bool IsCompleted
    {
        get
        {
            lock (gate)
            {
                return completed;
            }
        }
    }

    /// <summary>Records had their numbers elsewhere until now; called before the first is appended here.</summary>
    /// <param name="last">Number of the last of them.</param>
    public void ContinueFrom(long last)
    {
        lock (gate)
        {
            sequence = sentThrough = takenThrough = last;
        }
    }

    /// <summary>Ends the sender's wait for content, this one or the next: it has something else to do.</summary>
    public void Interrupt()
    {
        lock (gate)
        {
            interrupted = true;
            WakeSender(atOnce: true);
        }
    }

    /// <inheritdoc/>
    public WriteResult Append(ByteWriter record, LogLevel level, CancellationToken cancellation)
    {
        lock (gate)
        {
            while (!completed && filling.Length > 0 && filling.Length + record.Length > bufferCapacity)
            {
                // Woken by the sender; the time-out is only for seeing a cancellation.
                Monitor.Wait(gate, 50);
                cancellation.ThrowIfCancellationRequested();
            }

            if (completed)
            {
                return WriteResult.NoListener;
            }

            if (openFrame < 0)
            {
                openFrame = filling.BeginFrame(FrameType.Records);
            }

            var start = filling.Length;
            filling.WriteBytes(record.Written);
            RecordCodec.SetSequence(filling.WrittenSpan(start), ++sequence);
            WakeSender(atOnce: false);
        }

        if (ProcessContext.EndsUnasked)
        {
            WaitUntilSent(cancellation);
        }

        return WriteResult.Accepted;
    }

    /// <inheritdoc/>
    public bool TryCountLost(long count) => TryAppendFrame(FrameType.Lost, count);

    /// <summary>Waits until everything appended so far is sent, or can never be.</summary>
    public void WaitUntilSent(CancellationToken cancellation)
    {
        lock (gate)
        {
            var last = sequence;
            waiters++;
            WakeSender(atOnce: true);
            while (sentThrough < last && !abandoned && !cancellation.IsCancellationRequested)
            {
                Monitor.Wait(gate, 50);
            }

            waiters--;
        }
    }

    /// <summary>Called by the sender when what it took last is out of this process.</summary>
    public void MarkSent()
    {
        lock (gate)
        {
            sentThrough = takenThrough;
            if (waiters > 0)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Called by the sender when it will send no more.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            abandoned = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Appends a frame behind all records so far, without waiting for room.</summary>
    public bool TryAppendFrame(FrameType type, long value)
    {
        lock (gate)
        {
            if (completed)
            {
                return false;
            }

            AppendFrame(type, value);
            WakeSender(atOnce: true);
            return true;
        }
    }

    /// <summary>Takes no more records; what is there is still sent, and a Goodbye behind it.</summary>
    public void Complete()
    {
        lock (gate)
        {
            if (!completed)
            {
                AppendFrame(FrameType.Goodbye, sequence);
                completed = true;
                Monitor.PulseAll(gate);
                WakeSender(atOnce: true);
            }
        }
    }

    /// <summary>Waits for content and takes all of it. The bytes are valid until the next call.</summary>
    /// <param name="linger">How long to wait for more where there is little: one frame for many records. Control frames and waiting writers end the wait.</param>
    /// <returns>Whole frames; empty when the channel is completed and everything was taken, and when the wait was interrupted.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBatchAsync(TimeSpan linger, CancellationToken cancellation)
    {
        if (linger > TimeSpan.Zero)
        {
            await WaitForAsync(enough, linger, cancellation).ConfigureAwait(false);
        }

        while (true)
        {
            lock (gate)
            {
                if (filling.Length > 0)
                {
                    CloseFrame();
                    hasControlFrame = false;
                    sending.Clear(2 * bufferCapacity);
                    (filling, sending) = (sending, filling);
                    takenThrough = sequence;
                    Monitor.PulseAll(gate);
                    return sending.WrittenMemory;
                }

                if (completed || interrupted)
                {
                    interrupted = false;
                    return default;
                }
            }

            await WaitForAsync(1, Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask WaitForAsync(int bytes, TimeSpan longest, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (filling.Length >= bytes || hasControlFrame || completed || interrupted || (waiters > 0 && filling.Length > 0))
            {
                return;
            }

            wakeAt = bytes;
        }

        if (!await filled.WaitAsync(longest, cancellation).ConfigureAwait(false))
        {
            lock (gate)
            {
                if (wakeAt == NoWake)
                {
                    // Woken just after the time was up: the next wait must not find this one's release.
                    filled.Wait(0, CancellationToken.None);
                }

                wakeAt = NoWake;
            }
        }
    }

    private void AppendFrame(FrameType type, long value)
    {
        CloseFrame();
        hasControlFrame = true;
        var frame = filling.BeginFrame(type);
        filling.WriteInt64(value);
        filling.EndFrame(frame);
    }

    private void CloseFrame()
    {
        if (openFrame >= 0)
        {
            filling.EndFrame(openFrame);
            openFrame = -1;
        }
    }

    private void WakeSender(bool atOnce)
    {
        if (wakeAt != NoWake && (atOnce || filling.Length >= wakeAt))
        {
            wakeAt = NoWake;
            filled.Release();
        }
    }
}
