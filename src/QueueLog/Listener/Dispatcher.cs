using System.Threading.Channels;
using QueueLog.Diagnostics;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>The sole reader of the inbox: gives every record to every sink, and flushes the sinks after each batch.</summary>
internal sealed class Dispatcher(
    ChannelReader<InboxEntry> inbox,
    IReadOnlyList<SinkGuard> sinks,
    FailureLog failures,
    Action<ListenerSession> sessionEnded,
    CancellationToken stopWaiting)
{
    // How often a full disk is tried again.
    private static readonly TimeSpan FullDiskRetry = TimeSpan.FromMilliseconds(250);

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
            await WaitForRoomAsync().ConfigureAwait(false);
            Settle();
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
                    if (sinks[i].NeedsRoll)
                    {
                        sinks[i].Flush(withoutLast: true);
                        sinks[i].Roll();
                    }
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
    }

    // A full disk loses nothing: the inbox fills, the sessions stop reading, the writers wait.
    private async ValueTask WaitForRoomAsync()
    {
        while (sinks.Any(sink => sink.KeepsRecords && sink.IsDiskFull) && !stopWaiting.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(FullDiskRetry, stopWaiting)).ConfigureAwait(false);
            Flush();
        }
    }

    private void Settle()
    {
        var written = !sinks.Any(sink => sink.KeepsRecords && sink.Failing);
        if (written)
        {
            foreach (var session in touched)
            {
                session.CountWritten();
            }

            touched.Clear();
        }

        foreach (var mark in marks)
        {
            if (mark.IsEnd)
            {
                sessionEnded(mark.Session);
            }
            else
            {
                mark.Session.AnswerFlush(mark.Mark, written);
            }
        }

        marks.Clear();
    }
}
