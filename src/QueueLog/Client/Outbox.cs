using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>
/// Records on their way from the writers to the sender loop: two buffers, one being filled while the other is sent.
/// Writers wait while both are full. This is the place a journal takes when there is one.
/// </summary>
internal sealed class Outbox(int capacity)
{
    private readonly int bufferCapacity = capacity / 2;
    private readonly object gate = new();

    // Released when the sender waits and something came in; there is one sender.
    private readonly SemaphoreSlim filled = new(0, 1);

    // Guarded by gate.
    private ByteWriter filling = new();
    private int openFrame = -1;
    private long sequence;
    private bool senderWaits;
    private bool completed;

    // Used by the sender.
    private ByteWriter sending = new();

    /// <summary>Number of the last record appended.</summary>
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

    /// <summary>Bytes waiting to be taken by the sender.</summary>
    public int PendingBytes => filling.Length;

    /// <summary>Numbers a record and appends it; waits while there is no room.</summary>
    /// <returns>False when the outbox is completed and takes no more.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while waiting; the record was not taken.</exception>
    public bool TryAppend(ByteWriter record, CancellationToken cancellation)
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
                return false;
            }

            if (openFrame < 0)
            {
                openFrame = filling.BeginFrame(FrameType.Records);
            }

            var start = filling.Length;
            filling.WriteBytes(record.Written);
            RecordCodec.SetSequence(filling.WrittenSpan(start), ++sequence);
            WakeSender();
            return true;
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
            WakeSender();
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
                WakeSender();
            }
        }
    }

    /// <summary>Waits for content and takes all of it. The bytes are valid until the next call.</summary>
    /// <returns>Whole frames; empty when the outbox is completed and everything was taken.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            lock (gate)
            {
                if (filling.Length > 0)
                {
                    CloseFrame();
                    sending.Clear(2 * bufferCapacity);
                    (filling, sending) = (sending, filling);
                    Monitor.PulseAll(gate);
                    return sending.WrittenMemory;
                }

                if (completed)
                {
                    return default;
                }

                senderWaits = true;
            }

            await filled.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private void AppendFrame(FrameType type, long value)
    {
        CloseFrame();
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

    private void WakeSender()
    {
        if (senderWaits)
        {
            senderWaits = false;
            filled.Release();
        }
    }
}
