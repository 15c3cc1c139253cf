using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Reads the clients' rings, and removes each when its writer has ended and all its records are written.</summary>
// Used by the dispatcher's thread.
internal sealed class RingIntake(RingSources rings, BatchWriter batch, ClientRecords records, ListenerEvents own, FailureLog failures)
{
    // What is taken of one ring before the next has its turn.
    private const int Portion = 256 * 1024;

    // How long the exit of a child of this process is waited for, so that it can be told how it ended.
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(1);

    private readonly Dictionary<RecordSource, long> deadSince = [];

    /// <inheritdoc cref="ListenerOptions.Exits"/>
    public KnownExits Exits { get; init; } = new();

    /// <summary>Takes a portion of each ring.</summary>
    /// <returns>Bytes taken.</returns>
    public int Drain()
    {
        var taken = 0;
        for (var i = 0; i < rings.Count && !batch.HasGivenUp; i++)
        {
            taken += Drain(rings[i], Portion);
        }

        return taken;
    }

    /// <summary>Reads the ring of a client from now on.</summary>
    /// <returns>Null when it cannot be read.</returns>
    public RecordSource? Attach(ListenerSession session, string ring, out string fault)
    {
        var source = rings.Attach(session, ring, out fault);
        if (source is not null)
        {
            ReportLost(source);
        }

        return source;
    }

    /// <inheritdoc cref="RingSources.FindUnknown"/>
    public void FindUnknown() => rings.FindUnknown();

    /// <summary>Everything that is in the rings now.</summary>
    public void DrainAll()
    {
        // A copy: one that cannot be read is taken out.
        foreach (var source in rings.ToArray())
        {
            var end = source.Ring!.Tail;
            while (!source.HasEnded && source.Ring.Position < end && !batch.HasGivenUp && Drain(source, Portion) > 0)
            {
            }
        }
    }

    /// <summary>Ends those whose writer has ended and that are empty. Called when everything read is committed.</summary>
    public void Retire()
    {
        for (var i = rings.Count - 1; i >= 0; i--)
        {
            var source = rings[i];

            // Whether it is closed is read before its tail: nothing comes behind a close.
            var isClosed = source.Ring!.IsClosed;
            if (source.Ring.HasMore || source.Ring.Head != source.Ring.Position)
            {
                continue;
            }

            if (!isClosed && (source.Session is not null || !source.Ring.IsOwnerDead() || source.Ring.HasMore || IsExitAwaited(source)))
            {
                continue;
            }

            ReportDisorder(source);
            if (!isClosed && !source.Ring.Owner.EndsUnasked)
            {
                ReportVanished(source);
            }

            End(source);
        }
    }

    /// <summary>Tells the log what went wrong with the numbers of records, or was left out.</summary>
    public void ReportDisorder()
    {
        foreach (var source in rings)
        {
            ReportDisorder(source);
        }
    }

    /// <summary>The same of one client, also of one without a ring.</summary>
    public void ReportDisorder(RecordSource source)
    {
        if (source.Disorder != default)
        {
            var (missing, repeated) = source.Disorder;
            source.ForgetDisorder();
            if (missing > 0)
            {
                own.Missing(source, missing);
            }

            if (repeated > 0)
            {
                own.Repeated(source, repeated);
            }
        }

        if (source.Ring is { HasMore: false })
        {
            ReportDropped(source);
            ReportLost(source);
        }
    }

    /// <summary>Tells the log what the writer of a ring could hand over to nobody.</summary>
    public void ReportLost(RecordSource source)
    {
        if (source.ReadLost() is > 0 and var lost)
        {
            own.Lost(source, lost);
        }
    }

    /// <summary>Tells the log of a client that has ended without a goodbye.</summary>
    public void ReportVanished(RecordSource source) => own.Vanished(source, Exits.Of(source.Client.Pid));

    private int Drain(RecordSource source, int portion)
    {
        var ring = source.Ring!;
        var taken = 0;
        try
        {
            while (taken < portion)
            {
                var before = new RingPosition(ring.Position, source.LastSequence);
                if (!ring.TryRead(out var bytes))
                {
                    break;
                }

                var length = bytes.Length;
                if (!RecordCodec.TryRead(ref bytes, source.Client, out var record))
                {
                    throw new ProtocolException("An entry without a record.");
                }

                if (record.Sequence < 1)
                {
                    throw new ProtocolException($"A record has the number {record.Sequence}; numbers start at 1.");
                }

                source.Count(record.Sequence);
                records.Add(in record, length, source, before);
                taken += length;
                if (batch.IsFull)
                {
                    batch.Commit(sync: false);
                }

                if (batch.HasGivenUp)
                {
                    break;
                }
            }
        }
        catch (ProtocolException e)
        {
            GiveUpOn(source, e);
        }

        return taken;
    }

    private void GiveUpOn(RecordSource source, ProtocolException exception)
    {
        var client = source.Client;
        failures.ReportClient($"client {client.Process} (pid {client.Pid})", FailureSeverity.Final, $"Cut off: {exception.Message}", exception);
        own.Unreadable(source, exception.Message);
        batch.Commit(sync: false);
        deadSince.Remove(source);

        // What was read before may still be needed. The ring is gone before its writer hears of it, and makes a new one.
        rings.RemoveUnreadable(source, delete: !batch.HasGivenUp);
        source.Session?.Drop();
    }

    // A writer that found no room counts that after the listener may have made some: perhaps nothing came behind it.
    private void End(RecordSource source)
    {
        ReportDropped(source);
        ReportLost(source);
        batch.Commit(sync: false);

        // Where that cannot be written, the next listener finds the ring and tells it.
        if (!batch.HasGivenUp)
        {
            deadSince.Remove(source);
            rings.Remove(source, delete: true);
        }
    }

    private void ReportDropped(RecordSource source)
    {
        if (source.ReadDropped() is > 0 and var dropped)
        {
            own.Dropped(source, dropped);
        }
    }

    // The listener that is the parent learns how it ended, but perhaps a moment later.
    private bool IsExitAwaited(RecordSource source)
    {
        if (!Exits.IsExpected(source.Client.Pid))
        {
            return false;
        }

        if (!deadSince.TryGetValue(source, out var since))
        {
            deadSince.Add(source, Environment.TickCount64);
            return true;
        }

        return Environment.TickCount64 - since < ExitTimeout.TotalMilliseconds;
    }
}
