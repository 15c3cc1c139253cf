using System.Threading.Channels;
using QueueLog.Diagnostics;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>The sole reader of the inbox: gives every record to every sink, and flushes the sinks after each batch.</summary>
internal sealed class Dispatcher(ChannelReader<InboxEntry> inbox, IReadOnlyList<SinkGuard> sinks, FailureLog failures, Action<ListenerSession> sessionEnded)
{
    // Records are handed to the sinks in portions of about this many bytes before they are flushed: one write for many.
    private const int FlushAfterBytes = 1024 * 1024;

    private readonly List<InboxEntry> marks = [];
    private readonly HashSet<ListenerSession> touched = [];

    /// <summary>Runs until the inbox is completed and empty.</summary>
    public async Task RunAsync()
    {
        while (await inbox.WaitToReadAsync().ConfigureAwait(false))
        {
            var bytes = 0;
            while (bytes < FlushAfterBytes && inbox.TryRead(out var entry))
            {
                bytes += entry.Length;
                if (entry.Batch is null)
                {
                    marks.Add(entry);
                }
                else
                {
                    Dispatch(entry);
                    entry.Return();
                }
            }

            Flush();
        }
    }

    private void Dispatch(InboxEntry entry)
    {
        var session = entry.Session;
        touched.Add(session);
        var records = entry.Records;
        try
        {
            while (RecordCodec.TryRead(ref records, session.Client, out var record))
            {
                session.CountReceived(record.Sequence);
                for (var i = 0; i < sinks.Count; i++)
                {
                    sinks[i].Write(in record);
                }
            }
        }
        catch (ProtocolException e)
        {
            failures.Report($"client {session.Client.Process} (pid {session.Client.Pid})", FailureSeverity.Permanent, $"The rest of a batch of {entry.Length} bytes is unreadable: {e.Message}", e);
        }
    }

    private void Flush()
    {
        for (var i = 0; i < sinks.Count; i++)
        {
            sinks[i].Flush();
        }

        foreach (var session in touched)
        {
            session.CountWritten();
        }

        touched.Clear();
        foreach (var mark in marks)
        {
            if (mark.IsEnd)
            {
                sessionEnded(mark.Session);
            }
            else
            {
                mark.Session.AnswerFlush(mark.Mark);
            }
        }

        marks.Clear();
    }
}
