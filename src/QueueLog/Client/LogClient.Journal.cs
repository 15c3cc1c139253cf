using QueueLog.Journal;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Client;

// The ring, which outlives connections, and what happens to one that a listener refuses.
internal sealed partial class LogClient
{
    // Whether the listener of this connection has said what it makes of the ring.
    private TaskCompletionSource answered = new();

    // Set by the receiver, then the sender's; null where everything from a ring is sent.
    private volatile RingBacklog? backlog;

    /// <summary>Makes a ring where the listener offers one, and tells it the outcome before anything else.</summary>
    private void OpenJournal(long lastSequence, long writtenSequence)
    {
        if (!options.UseJournal || Listener.Journal is not { } offer)
        {
            channel = pipe;
            return;
        }

        RingChannel? made = null;
        string? fault = null;
        try
        {
            var identity = new RingOwner(ListenerGreeting.OwnIdentity, ProcessStart.Own, ProcessContext.EndsUnasked);
            made = new RingChannel(RingWriter.Create(offer.Folder, identity, offer.Capacity, lastSequence, writtenSequence), offer, options.ReconnectTimeout, Ring);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            fault = e.Message;
        }

        channel = made ?? (IRecordChannel)pipe;
        AnnounceJournal(fault);
    }

    private void AnnounceJournal(string? fault)
    {
        var frame = new ByteWriter(256);
        GreetingCodec.WriteJournal(frame, Journal?.Path, fault);
        announcement = frame.WrittenMemory;
    }

    /// <summary>Goes on with the journal when the new listener writes the same log; otherwise that log's next listener finds it.</summary>
    private void Join(ListenerIdentity listener)
    {
        var isSameLog = string.Equals(listener.LogPath, Listener.LogPath, StringComparison.Ordinal) && listener.Journal is not null;
        Listener = listener;
        GoBy(new WantedLevels(listener.MinimumLevel, listener.WrittenLevel));
        if (Journal is not { } old)
        {
            return;
        }

        // A listener that cannot read a ring removes it; it learns from the new one how many records were in it.
        var isGone = !File.Exists(old.Path);
        if (isSameLog && !isGone)
        {
            AnnounceJournal(fault: null);
            return;
        }

        if (isGone && old.Pending > 0)
        {
            // What was in it is not written, whatever the new listener says of the rest.
            acknowledgements.FailAll();
        }

        // Completed first: a record that went into the old one from now on would have a number of the new one's.
        lock (exchange)
        {
            old.Complete();
            OpenJournal(old.LastSequence, isGone ? old.WrittenSequence : old.LastSequence);
        }

        if (isGone && old.LostUnreported is > 0 and var lost)
        {
            TryCountLost(lost);
        }

        old.Dispose();
    }

    /// <summary>A client must not leave records behind in a ring that its listener cannot see, and does not know before it is told.</summary>
    private async Task AwaitJournalAnswerAsync(CancellationToken ended)
    {
        if (Journal is { Pending: > 0 } && !answered.Task.IsCompleted)
        {
            await Task.WhenAny(answered.Task, Task.Delay(options.CloseTimeout, ended)).ConfigureAwait(false);
            ended.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The listener has the ring, or cannot take it: then what the ring holds goes over the pipe, and all that follows.</summary>
    private void OnJournalAnswer(string? fault)
    {
        if (fault is not null && Journal is { } old)
        {
            // Completed first: a record that went into the ring from now on would have a number of the pipe's.
            lock (exchange)
            {
                old.Complete();
                pipe.ContinueFrom(old.LastSequence);
                backlog = new RingBacklog(old);
                channel = pipe;
            }

            AnnounceJournal(fault);

            // What was answered before went by a listener that did not know of these records.
            acknowledgements.Renew();
            pipe.Interrupt();
        }

        answered.TrySetResult();
    }

    private async ValueTask SendBacklogAsync(PipeConnection connection, CancellationToken ended)
    {
        if (backlog is not { } left)
        {
            return;
        }

        while (left.TryRead(out var records))
        {
            await connection.SendAsync(records, ended).ConfigureAwait(false);
            left.MarkSent();
        }

        var last = new ByteWriter(64);
        if (left.Lost > 0)
        {
            Write(FrameType.Lost, left.Lost);
        }

        acknowledgements.ForEachPending(number => Write(FrameType.Flush, number));
        if (last.Length > 0)
        {
            await connection.SendAsync(last.WrittenMemory, ended).ConfigureAwait(false);
        }

        left.Remove();
        backlog = null;

        void Write(FrameType type, long value)
        {
            var frame = last.BeginFrame(type);
            last.WriteInt64(value);
            last.EndFrame(frame);
        }
    }

    private void LeaveJournal()
    {
        if (Journal is { } left)
        {
            Kept = state == ClientState.Lost || !answered.Task.IsCompleted ? left.Pending : 0;
            left.Dispose();
        }
        else if (backlog is { } unsentRing)
        {
            if (unsentRing.TryLeave(out var count))
            {
                Kept = count;
            }
            else
            {
                Interlocked.Add(ref unsent, count);
                LostUnreported += unsentRing.Lost;
            }
        }
    }
}
