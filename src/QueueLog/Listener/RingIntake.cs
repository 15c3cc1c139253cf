using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Reads the clients' rings, and sees to it that each is removed when its writer has ended and everything in it is written.</summary>
// Used by the dispatcher's thread.
internal sealed class RingIntake(ListenerOptions options, BatchWriter batch, ListenerEvents own, FailureLog failures, ClientTable table)
{
    // What is taken of one ring before the next has its turn.
    private const int Portion = 256 * 1024;

    // How long the exit of a child of this process is waited for, so that it can be told how it ended.
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(1);

    private readonly List<RecordSource> rings = batch.Rings;
    private readonly HashSet<string> unreadable = [];
    private readonly Dictionary<RecordSource, long> deadSince = [];

    /// <summary>Whether a ring has no connection: its writer cannot ring, so it is looked at from time to time.</summary>
    public bool HasUnattended => rings.Exists(source => source.Session is null);

    public bool HasMore => rings.Exists(source => source.Ring!.HasMore || source.Ring.IsAwaited);

    /// <summary>Takes over a ring that was there before this listener.</summary>
    public RecordSource Adopt(RingReader ring)
    {
        var source = new RecordSource(ring.Owner.Client, ring);
        rings.Add(source);
        table.Add(source);
        return source;
    }

    /// <summary>A client says where its ring is, in a folder of this listener's.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="fault">Why it cannot be used.</param>
    /// <returns>The ring's source; null when it cannot be used.</returns>
    public RecordSource? Attach(ListenerSession session, string path, out string fault)
    {
        fault = "";
        var known = rings.Find(source => string.Equals(source.Ring!.Path, path, StringComparison.Ordinal));
        if (known is null)
        {
            var ring = TryOpen(path, out fault);
            if (ring is null)
            {
                unreadable.Add(path);
                return null;
            }

            known = Adopt(ring);
        }

        known.Session = session;
        TellLost(known);
        return known;
    }

    /// <summary>Takes over what lies in the journal's folders and is not known: a writer may have died before it could say so.</summary>
    public void FindUnknown()
    {
        foreach (var path in options.Journals.SelectMany(folder => folder.Rings).ToArray())
        {
            if (!unreadable.Contains(path) && !rings.Exists(source => string.Equals(source.Ring!.Path, path, StringComparison.Ordinal)) && Open(path) is { } ring)
            {
                Adopt(ring);
            }
        }
    }

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

            TellDisorder([source]);
            if (!isClosed)
            {
                TellEnd(source);
            }

            End(source);
        }
    }

    /// <summary>Tells the log what went wrong with the numbers of records, or was left out.</summary>
    public void TellDisorder(IEnumerable<RecordSource> sources)
    {
        foreach (var source in sources)
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
                TellDropped(source);
                TellLost(source);
            }
        }
    }

    public void TellDisorder() => TellDisorder(rings);

    /// <summary>How many clients wait for their records to be written.</summary>
    public int Waiters
    {
        get
        {
            var count = 0;
            foreach (var source in rings)
            {
                count += source.Ring!.IsAwaited ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>Answers the writers that wait, for what is committed.</summary>
    /// <returns>How many there were.</returns>
    public int AnswerWaiters(bool isKept)
    {
        var answered = 0;
        foreach (var source in rings)
        {
            if (source.Ring!.IsAwaited)
            {
                answered++;
                if (source.Ring.Answer(isKept) && !source.Ring.TryWakeWaiters())
                {
                    source.Session?.SayAnswered();
                }
            }
        }

        return answered;
    }

    /// <summary>Tells the writers that the listener does not look for records; see <see cref="RingReader.MarkIdle"/>.</summary>
    public void MarkIdle(bool isAsleep)
    {
        foreach (var source in rings)
        {
            source.Ring!.MarkIdle(isAsleep);
        }
    }

    public void MarkAwake()
    {
        foreach (var source in rings)
        {
            source.Ring!.MarkAwake();
        }
    }

    /// <summary>Lets go of all rings; those of living writers, and those that hold something, stay for the next listener.</summary>
    public void Release()
    {
        foreach (var source in rings.ToArray())
        {
            Remove(source, delete: false);
        }
    }

    private int Drain(RecordSource source, int portion)
    {
        var ring = source.Ring!;
        var taken = 0;
        try
        {
            while (taken < portion)
            {
                var before = new RingPlace(ring.Position, source.LastSequence);
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
                batch.Add(in record, length, source, before);
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

    private RingReader? Open(string path)
    {
        var ring = TryOpen(path, out var fault);
        if (ring is null && File.Exists(path) && unreadable.Add(path))
        {
            failures.ReportClient(path, FailureSeverity.Final, $"A journal cannot be read: {fault}", null);
        }

        return ring;
    }

    private RingReader? TryOpen(string path, out string fault)
    {
        fault = $"'{path}' is not there any more";
        try
        {
            if (!unreadable.Contains(path))
            {
                return RingReader.Open(path);
            }

            fault = $"'{path}' could not be read before";
        }
        catch (JournalException) when (!File.Exists(path))
        {
            // Its writer found it empty and took it along.
        }
        catch (Exception e) when (e is IOException or ProtocolException)
        {
            fault = e.Message;
        }

        return null;
    }

    private void GiveUpOn(RecordSource source, ProtocolException exception)
    {
        var client = source.Client;
        failures.ReportClient($"client {client.Process} (pid {client.Pid})", FailureSeverity.Final, $"Cut off: {exception.Message}", exception);
        own.Unreadable(source, exception.Message);
        batch.Commit(sync: false);
        unreadable.Add(source.Ring!.Path);

        source.IsUnreadable = true;

        // What was read before may still be needed. The ring is gone before its writer hears of it, and makes a new one.
        Remove(source, delete: !batch.HasGivenUp);
        source.Session?.Drop();
    }

    // A writer that found no room counts that after the listener may have made some: perhaps nothing came behind it.
    private void End(RecordSource source)
    {
        TellDropped(source);
        TellLost(source);
        batch.Commit(sync: false);

        // Where that cannot be written, the next listener finds the ring and tells it.
        if (!batch.HasGivenUp)
        {
            Remove(source, delete: true);
        }
    }

    private void TellDropped(RecordSource source)
    {
        if (source.TakeDropped() is > 0 and var dropped)
        {
            own.Dropped(source, dropped);
        }
    }

    private void TellLost(RecordSource source)
    {
        if (source.TakeLost() is > 0 and var lost)
        {
            own.Lost(source, lost);
        }
    }

    // The listener that is the parent learns how it ended, but perhaps a moment later.
    private bool IsExitAwaited(RecordSource source)
    {
        if (!KnownExits.IsExpected(source.Client.Pid))
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

    private void TellEnd(RecordSource source)
    {
        if (!source.Ring!.Owner.EndsUnasked)
        {
            own.Vanished(source, KnownExits.Of(source.Client.Pid));
        }
    }

    private void Remove(RecordSource source, bool delete)
    {
        rings.Remove(source);
        deadSince.Remove(source);
        source.HasEnded = true;
        source.Ring!.Dispose();
        if (delete)
        {
            // Those that left before have let go of theirs by now.
            RingFiles.DeleteRemains(Path.GetDirectoryName(source.Ring.Path)!);
            RingFiles.Delete(source.Ring.Path);
        }

        table.End(source);
    }
}
