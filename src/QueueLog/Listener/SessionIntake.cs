using QueueLog.Diagnostics;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Reads what the sessions say: records of clients without a ring, rings to be read, waits to be acknowledged, ends.</summary>
// Used by the dispatcher's thread.
internal sealed class SessionIntake(SessionEvents events, RingIntake rings, ClientRecords records, ListenerEvents own, FailureLog failures)
{
    // What is taken at once, before the rings have their turn.
    private const int Portion = 256 * 1024;

    // Flushes to be acknowledged, each with the position in its ring up to which everything has to be written.
    private readonly List<(ListenerSession Session, long Number, long Position)> flushes = [];

    // Clients without a ring that have sent something in this round.
    private readonly HashSet<RecordSource> overPipe = [];
    private readonly List<RecordSource> ended = [];

    /// <summary>Takes the records of other machines.</summary>
    public required FeedIntake Feeds { get; init; }

    public bool HasMore => events.Reader.TryPeek(out _);

    /// <summary>Whether somebody waits for what was read to be written.</summary>
    public bool HasFlushes => flushes.Count > 0;

    /// <returns>Bytes taken.</returns>
    public int Read()
    {
        var taken = 0;
        while (taken < Portion && events.Reader.TryRead(out var entry))
        {
            var session = entry.Session;
            switch (entry.Kind)
            {
                case SessionEventKind.Journal:
                    Attach(session, entry.Path!);
                    break;
                case SessionEventKind.Batch:
                    taken += entry.Records.Length;
                    AddBatch(session, entry.Records);
                    entry.Return();
                    break;
                case SessionEventKind.Feed:
                    taken += entry.Records.Length;
                    Feeds.Add(session, entry.Records);
                    entry.Return();
                    break;
                case SessionEventKind.FeedMissing:
                    own.HostMissing(entry.Path!, entry.Number);
                    break;
                case SessionEventKind.Flush:
                    flushes.Add((session, entry.Number, session.Source is { HasEnded: false, Ring: { } ring } ? ring.Tail : 0));
                    break;
                case SessionEventKind.Lost:
                    session.Source!.CountLost(entry.Number);
                    own.Lost(session.Source, entry.Number);
                    break;
                case SessionEventKind.End:
                    End(session, session.Source!);
                    break;
            }
        }

        return taken;
    }

    /// <summary>Tells the log what went wrong with the numbers of records that came over the pipe.</summary>
    public void ReportDisorder()
    {
        foreach (var source in overPipe)
        {
            rings.ReportDisorder(source);
        }

        overPipe.Clear();
    }

    /// <summary>Acknowledges flushes of which everything is written, or of which nothing more can be.</summary>
    public void AcknowledgeFlushes(BatchWriter batch)
    {
        // In their order: the last answer to a client that ends is its last.
        var left = 0;
        for (var i = 0; i < flushes.Count; i++)
        {
            var (session, number, position) = flushes[i];
            if (batch.HasGivenUp || session.Source is not { HasEnded: false, Ring: { } ring } || ring.Head >= position)
            {
                session.Acknowledge(number, batch.IsHealthy && !batch.HasGivenUp && session.Source is not { IsUnreadable: true });
            }
            else
            {
                flushes[left++] = flushes[i];
            }
        }

        flushes.RemoveRange(left, flushes.Count - left);
    }

    /// <summary>Ends clients whose session has ended. Called behind the last of their records, so that their counts are final.</summary>
    public void End(BatchWriter batch)
    {
        foreach (var source in ended)
        {
            if (source.Ring is null)
            {
                if (!source.SaidGoodbye && source.LastSequence > 0)
                {
                    rings.ReportVanished(source);
                    batch.Commit(sync: false);
                }

                events.End(source);
            }
        }

        ended.Clear();
    }

    private void Attach(ListenerSession session, string ring)
    {
        if (rings.Attach(session, ring, out var fault) is not { } source)
        {
            session.RefuseJournal(fault);
            return;
        }

        events.Forget(session.Source!);
        session.Source = source;
    }

    private void End(ListenerSession session, RecordSource source)
    {
        ended.Add(source);

        // A client that came back may have been quicker than the end of its old connection.
        if (ReferenceEquals(source.Session, session))
        {
            source.Session = null;
        }

        if (source.Ring is null)
        {
            // It may have made a ring, and died before it could say so.
            rings.FindUnknown();
        }
    }

    private void AddBatch(ListenerSession session, ReadOnlySpan<byte> bytes)
    {
        var source = session.Source!;
        var length = bytes.Length;
        overPipe.Add(source);
        try
        {
            while (RecordCodec.TryRead(ref bytes, source.Client, out var record))
            {
                source.Count(record.Sequence);
                records.Add(in record, length - bytes.Length, source, default);
                length = bytes.Length;
            }
        }
        catch (ProtocolException e)
        {
            failures.ReportClient($"client {source.Client.Process} (pid {source.Client.Pid})", FailureSeverity.Final, $"Cut off: the rest of a batch is unreadable: {e.Message}", e);
            session.Drop();
        }
    }
}
