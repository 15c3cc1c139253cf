using System.Diagnostics;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>Records on their way from the writers through a ring. Thread-safe: all of a process's threads share it.</summary>
/// <param name="ring">The ring.</param>
/// <param name="offer">What the listener's user wants of writers that find no room.</param>
/// <param name="timeout">How long a writer waits while there is no listener.</param>
/// <param name="ringBell">Wakes the listener.</param>
internal sealed class RingChannel(RingWriter ring, JournalOffer offer, TimeSpan timeout, Action ringBell) : IRecordChannel, IDisposable
{
    // A writer that waits for room looks for itself as often as this: whoever should tell it may be dead.
    private const int LookAgainMilliseconds = 50;

    // How long a thread that waits for an answer looks for it before it sleeps.
    private static readonly TimeSpan LookLongest = TimeSpan.FromMilliseconds(1);

    private readonly object gate = new();

    // Guarded by gate.
    private long disconnectedAt;
    private bool completed;
    private bool disposed;
    private bool abandoned;
    private long acknowledgedAtEnd;

    public string Path => ring.Path;

    /// <inheritdoc/>
    public long LastSequence
    {
        get
        {
            lock (gate)
            {
                return ring.LastSequence;
            }
        }
    }

    /// <summary>Number of the last record a listener has written.</summary>
    public long WrittenSequence
    {
        get
        {
            lock (gate)
            {
                return disposed ? ring.LastSequence : ring.WrittenSequence;
            }
        }
    }

    /// <summary>Records taken that no listener has written yet.</summary>
    public long Pending
    {
        get
        {
            lock (gate)
            {
                return disposed ? 0 : ring.LastSequence - ring.WrittenSequence;
            }
        }
    }

    /// <inheritdoc/>
    public WriteResult Append(ByteWriter record, LogLevel level, CancellationToken cancellation)
    {
        lock (gate)
        {
            for (var look = 0; ; look++)
            {
                if (completed)
                {
                    return WriteResult.NoListener;
                }

                if (ring.TryAppend(record.Written))
                {
                    if (!ring.ClaimDoorbell(isAwaited: false))
                    {
                        return WriteResult.Accepted;
                    }

                    break;
                }

                if (IsDropped(level))
                {
                    ring.CountDropped(1);
                    return WriteResult.Dropped;
                }

                if (disconnectedAt != 0 && Stopwatch.GetElapsedTime(disconnectedAt) > timeout)
                {
                    return WriteResult.NoListener;
                }

                WaitForRoom(look);
                cancellation.ThrowIfCancellationRequested();
            }
        }

        // Not under the gate: it is a system call, and the other writers need not wait for it.
        ringBell();
        return WriteResult.Accepted;
    }

    /// <inheritdoc/>
    public bool TryCountLost(long count)
    {
        lock (gate)
        {
            if (disposed || abandoned)
            {
                return false;
            }

            ring.CountLost(count);
            return true;
        }
    }

    /// <summary>Lost records that the log has not been told of; a listener that cannot read the ring never does.</summary>
    public long LostUnreported
    {
        get
        {
            lock (gate)
            {
                return disposed ? 0 : ring.LostUnreported;
            }
        }
    }

    /// <summary>Waits until everything taken so far is written, or, where the log is durable, on the disk itself.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when it could not be written, or the listener was lost and no other has come in time.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the records are kept all the same.</exception>
    public bool WaitUntilAcknowledged(CancellationToken cancellation)
    {
        long last;
        bool mustRing;
        lock (gate)
        {
            last = ring.LastSequence;
            if (AcknowledgementOf(last) is { } known)
            {
                return known;
            }

            if (disposed || abandoned)
            {
                return false;
            }

            ring.RequestAcknowledgement();
            mustRing = ring.ClaimDoorbell(isAwaited: true);
        }

        if (mustRing)
        {
            ringBell();
        }

        // Woken by a frame it would wake late, and looks for the answer itself first.
        return (SharedSleep.IsSupported ? null : LookFor(last)) ?? SleepFor(last, cancellation);
    }

    /// <summary>The listener says that there is room, or an answer.</summary>
    public void OnNews()
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Whether a listener is there to make room.</summary>
    public void SetConnected(bool connected)
    {
        lock (gate)
        {
            disconnectedAt = connected ? 0 : Stopwatch.GetTimestamp();
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Takes no more records; what is in the ring is written by the listener, this one or the next.</summary>
    public void Complete()
    {
        lock (gate)
        {
            if (!completed)
            {
                completed = true;
                ring.Close();
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Whether no listener will read the ring: what is in it goes another way.</summary>
    public bool IsAbandoned
    {
        get
        {
            lock (gate)
            {
                return abandoned;
            }
        }
    }

    /// <summary>Takes no more records, and lets those go that wait for a listener to write them: none will.</summary>
    /// <returns>Records left out, and records nobody took in time, of which no log has been told.</returns>
    public long Abandon()
    {
        Complete();
        lock (gate)
        {
            abandoned = true;
            Monitor.PulseAll(gate);
            return ring.LostUnreported + ring.DroppedUnreported;
        }
    }

    /// <summary>Lets go of the ring, which a listener removes when it is empty, or this client when it is now.</summary>
    public void Dispose()
    {
        Complete();
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            acknowledgedAtEnd = ring.AcknowledgementOf(ring.LastSequence) == true || ring.IsDrained ? ring.LastSequence : 0;
            var remove = disconnectedAt != 0 && ring.IsDrained && ring.IsTold;
            ring.Dispose();
            if (remove)
            {
                RingFiles.Delete(ring.Path);
            }
        }
    }

    // A ring that is full for a moment is looked at again after 1, 2, 4 and 8 milliseconds: that costs less than a frame and
    // the threads it wakes, and the listener needs longer for what the ring holds. Then the listener is asked to tell, and the
    // ring looked at once more before the wait: room made in between is not missed.
    private void WaitForRoom(int look)
    {
        const int Looks = 4;
        if (look < Looks)
        {
            Monitor.Wait(gate, 1 << look);
        }
        else if ((look - Looks) % 2 == 0)
        {
            ring.WantRoom();
        }
        else
        {
            Monitor.Wait(gate, LookAgainMilliseconds);
        }
    }

    // A disk answers within a fraction of a millisecond, and so does a listener that is awake: quicker than a thread wakes.
    private bool? LookFor(long sequence)
    {
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < LookLongest; Thread.Yield())
        {
            lock (gate)
            {
                if (AcknowledgementOf(sequence) is { } answer)
                {
                    return answer;
                }
            }
        }

        return null;
    }

    private unsafe bool SleepFor(long sequence, CancellationToken cancellation)
    {
        while (true)
        {
            int* blocked;
            lock (gate)
            {
                if (!disposed)
                {
                    ring.BlockWaiter();
                }

                if (AcknowledgementOf(sequence) is { } answer)
                {
                    return answer;
                }

                if (disposed || abandoned || (disconnectedAt != 0 && Stopwatch.GetElapsedTime(disconnectedAt) > timeout))
                {
                    return false;
                }

                blocked = ring.WaiterBlocked;
                if (!SharedSleep.IsSupported)
                {
                    Monitor.Wait(gate, LookAgainMilliseconds);
                }
            }

            if (SharedSleep.IsSupported)
            {
                SharedSleep.Wait(blocked, RingLayout.Blocked, TimeSpan.FromMilliseconds(LookAgainMilliseconds));
            }

            cancellation.ThrowIfCancellationRequested();
        }
    }

    // An abandoned ring says what was sent from it, and not what is written.
    private bool? AcknowledgementOf(long sequence) => abandoned ? null : disposed ? acknowledgedAtEnd >= sequence : ring.AcknowledgementOf(sequence);

    private bool IsDropped(LogLevel level) => offer.Overflow switch
    {
        OverflowMode.DropNewest => true,
        OverflowMode.DropBelow => level < offer.OverflowLevel,
        _ => false,
    };
}
