using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Takes the records of other machines: each once and in order, whatever comes again. Used by the dispatcher's thread.</summary>
internal sealed class FeedIntake(FeedPositions positions, BatchWriter batch, ClientRecords records, ListenerEvents own, FailureLog failures)
{
    private static readonly ClientIdentity Nobody = new(0, "?", null);

    // Who is to hear of which when the batch is committed.
    private readonly HashSet<(ListenerSession Session, FeedPosition Feed)> answers = [];

    public bool HasAnswers => answers.Count > 0;

    /// <summary>Takes what a session has sent.</summary>
    public void Add(ListenerSession session, ReadOnlySpan<byte> payload)
    {
        try
        {
            var view = FeedCodec.ReadFeed(payload);
            if (positions.Find(view.Key) is not { } feed)
            {
                throw new ProtocolException("It feeds more spools than a log can have.");
            }

            answers.Add((session, feed));
            if (!view.Records.IsEmpty)
            {
                Add(session.Source!, feed, view);
            }
        }
        catch (ProtocolException e)
        {
            failures.ReportClient($"client {session.Client.Process} (pid {session.Client.Pid})", FailureSeverity.Final, $"Cut off: {e.Message}", e);
            session.Drop();
        }
    }

    /// <summary>Tells how far the log is. Called when everything is committed; what is not is told later.</summary>
    public void Answer()
    {
        if (answers.Count == 0 || batch.HasGivenUp || !batch.IsHealthy)
        {
            return;
        }

        foreach (var (session, feed) in answers)
        {
            session.Answers.SendFeed(feed.Key, feed.Committed);
        }

        answers.Clear();
    }

    private void Add(RecordSource source, FeedPosition feed, FeedView view)
    {
        // Of a feed that is new here, the listener of another log may have had the beginning.
        if (view.Previous > feed.Read && feed.Read > 0)
        {
            own.FeedGap(FeedCodec.HostOf(view.Key), view.Start);
        }

        var end = view.Start + view.Records.Length;
        try
        {
            Add(source, feed, view.Records, end);
        }
        catch (ProtocolException e)
        {
            // It would come again, and nothing behind it.
            own.FeedUnreadable(FeedCodec.HostOf(view.Key), e.Message);
            positions.Move(feed, end);
        }
    }

    private void Add(RecordSource source, FeedPosition feed, ReadOnlySpan<byte> rest, long end)
    {
        var before = rest.Length;
        while (!batch.HasGivenUp && RecordCodec.TryRead(ref rest, Nobody, out var record))
        {
            var length = before - rest.Length;
            before = rest.Length;
            if (end - before <= feed.Read)
            {
                continue;
            }

            // Moved behind the record, so that a batch that ends before it says so.
            source.CountChecked();
            records.AddChecked(in record, length, source);
            positions.Move(feed, end - before);
            if (batch.IsFull)
            {
                batch.Commit(sync: false);
            }
        }
    }
}
