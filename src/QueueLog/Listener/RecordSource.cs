using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>One client as the dispatcher sees it: its ring, if it has one, its connection while it has one, and the count of its records.</summary>
internal sealed class RecordSource(ClientIdentity client, RingReader? ring)
{
    // Written by the dispatcher, read by anyone.
    private long received;
    private long written;
    private long lost;
    private long dropped;
    private long limited;
    private long lastSequence = ring?.HeadSequence ?? 0;
    private volatile ListenerSession? session;

    public ClientIdentity Client => client;

    /// <summary>Null for a client that sends its records over the pipe.</summary>
    public RingReader? Ring => ring;

    /// <summary>The connection; null while there is none.</summary>
    public ListenerSession? Session
    {
        get => session;
        set => session = value;
    }

    public ClientStatistics Statistics => new(
        client.Process,
        client.Pid,
        session is { IsConnected: true },
        ring is not null,
        Interlocked.Read(ref received),
        Interlocked.Read(ref written),
        Saturating.Add(Interlocked.Read(ref lost), Interlocked.Read(ref dropped)),
        Interlocked.Read(ref lastSequence))
    {
        Limited = Interlocked.Read(ref limited),
    };

    /// <summary>Number of the last record taken.</summary>
    public long LastSequence => lastSequence;

    /// <summary>Records taken while there was no connection.</summary>
    public long Recovered { get; private set; }

    /// <summary>Numbers that were missing, and numbers that came twice, since this was last told.</summary>
    public (long Missing, long Repeated) Disorder { get; private set; }

    /// <summary>Whether a goodbye has come over the connection.</summary>
    public bool SaidGoodbye { get; set; }

    /// <summary>Whether its ring is gone.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Whether its ring is gone because it was nonsense: what it held is not written.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>For the batch writer: whether it has a record in the batch under way.</summary>
    public bool IsTouched { get; set; }

    // A client without a ring may have written to another listener before: its first number is taken as it comes.
    public void Count(long sequence)
    {
        Volatile.Write(ref received, received + 1);
        Recovered += session is null ? 1 : 0;
        if (sequence != lastSequence + 1 && (received > 1 || ring is not null))
        {
            if (sequence <= lastSequence)
            {
                Disorder = (Disorder.Missing, Disorder.Repeated + 1);
                return;
            }

            // Whatever numbers a client makes up.
            var missing = sequence - lastSequence - 1 is >= 0 and var difference ? difference : long.MaxValue;
            Interlocked.Exchange(ref lost, Saturating.Add(lost, missing));
            Disorder = (Saturating.Add(Disorder.Missing, missing), Disorder.Repeated);
        }

        Volatile.Write(ref lastSequence, sequence);
    }

    /// <summary>A record that another machine's listener has numbered, and has looked whether one is missing.</summary>
    public void CountChecked() => Volatile.Write(ref received, received + 1);

    /// <summary>The last record counted is one too many of its kind: it is taken, and not written.</summary>
    public void CountLimited() => Interlocked.Exchange(ref limited, limited + 1);

    /// <summary>Everything counted so far is written, or all but the last.</summary>
    public void MarkWritten(bool exceptLast) => Interlocked.Exchange(ref written, received - limited - (exceptLast ? 1 : 0));

    public void ForgetDisorder() => Disorder = default;

    /// <summary>Records that are in no log.</summary>
    public void CountLost(long count) => Interlocked.Exchange(ref lost, Saturating.Add(lost, count));

    /// <summary>Counts what the writer could hand over to nobody since the log was last told of it.</summary>
    public long ReadLost()
    {
        if (ring is null)
        {
            return 0;
        }

        var total = Math.Max(0, ring.Lost);
        var unreported = Math.Max(0, total - Math.Max(0, ring.LostReported));
        ring.LostReported = total;
        CountLost(unreported);
        return unreported;
    }

    /// <summary>Counts what the writer has left out since this was last asked.</summary>
    public long ReadDropped()
    {
        if (ring is null)
        {
            return 0;
        }

        var total = Math.Max(0, ring.Dropped);
        Interlocked.Exchange(ref dropped, total);
        var unreported = total - ring.DroppedReported;
        ring.DroppedReported = total;
        return unreported;
    }
}
