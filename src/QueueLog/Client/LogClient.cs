using System.Diagnostics;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>The sending half: one per process and listener, shared by all of the process's threads.</summary>
internal sealed class LogClient : IAsyncDisposable
{
    // Records written while the last frame was younger than this wait as long for company: one frame for many.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(1);

    // Between two attempts to find a listener again, at first and when it takes long.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LatePause = TimeSpan.FromSeconds(1);

    // Characters kept of a message that is too long for the ring where there is no room for a file of its own.
    private const int KeepWithoutRoom = 16 * 1024;

    private static readonly byte[] DoorbellFrame = [1, 0, 0, 0, (byte)FrameType.Doorbell];

    private readonly ClientOptions options;
    private readonly Outbox outbox;
    private readonly FlushRequests flushes = new();
    private readonly CancellationTokenSource stopped = new();
    private readonly Task<long> running;

    // Null where there is none; changes when another log takes this one's place.
    private volatile JournalOutbox? journal;

    // Null while there is none.
    private volatile PipeConnection? live;
    private ReadOnlyMemory<byte> announcement;
    private volatile bool closed;

    // Of the level, which a closing client must not get back from a frame that comes late.
    private readonly object levelGate = new();
    private volatile LogLevel minimumLevel;
    private volatile bool joining;
    private bool saidGoodbye;
    private long unsent;

    private LogClient(string address, ClientOptions options, PipeConnection connection, ListenerIdentity listener)
    {
        Address = address;
        Listener = listener;
        minimumLevel = listener.MinimumLevel;
        this.options = options;
        outbox = new Outbox(options.Capacity);
        live = connection;
        OpenJournal(lastSequence: 0, settledSequence: 0);
        running = Task.Run(() => RunAsync(connection));
    }

    public string Address { get; }

    public ListenerIdentity Listener { get; private set; }

    /// <summary>Records below this level are not taken. A client that has ended turns none away for its level: another one is asked.</summary>
    public LogLevel MinimumLevel => minimumLevel;

    /// <summary>Whether a record is to say which place wrote it.</summary>
    public bool WantsCaller => Listener.WantsCaller;

    /// <summary>Whether the client has ended: the listener stopped, or was lost for good. A new one may be connected.</summary>
    public bool IsClosed => closed;

    /// <summary>Completes when the client has ended, with the number of records it had taken and could not send.</summary>
    public Task<long> Completion => running;

    /// <summary>The client's ring; null while it has none.</summary>
    public string? JournalPath => journal?.Path;

    /// <summary>When the client has ended: the records that lie in the journal for the log's next listener.</summary>
    public long Kept { get; private set; }

    /// <summary>Connects and greets.</summary>
    /// <exception cref="TimeoutException">No one answers.</exception>
    /// <exception cref="IOException">The connection broke before the listener had answered.</exception>
    /// <exception cref="ProtocolException">Something else than a listener of this version answers.</exception>
    public static async Task<LogClient> ConnectAsync(string address, ClientOptions options, CancellationToken cancellation)
    {
        var (connection, listener) = await ListenerGreeting.ExchangeAsync(address, options.ConnectTimeout, cancellation).ConfigureAwait(false);
        return new LogClient(address, options, connection, listener);
    }

    /// <summary>Hands a record over. When this returns Accepted, the record lies in the journal and depends on no process's life.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while the listener was behind; the record was not taken.</exception>
    public WriteResult Write(scoped in RecordDraft draft, CancellationToken cancellation = default)
    {
        if (closed)
        {
            return WriteResult.NoListener;
        }

        if (draft.Level < minimumLevel)
        {
            return WriteResult.Filtered;
        }

        var record = RecordEncoder.Encode(draft, LocalClock.Default, Listener.WantsProperties);
        if (record.Length <= ProtocolLimits.MaxRecordLength && TryHandOver(record, draft.Level, out var result, cancellation))
        {
            Show(record, result);
            return result;
        }

        // The message alone is kept, cut: a template or properties may be what is too long.
        var keep = record.Length <= ProtocolLimits.MaxRecordLength ? KeepWithoutRoom : ProtocolLimits.MaxRecordLength / 4;
        var cut = new RecordDraft { Level = draft.Level, Message = Cut(draft.Message, keep), Category = draft.Category };
        return HandOverCut(RecordEncoder.Encode(cut, LocalClock.Default), draft.Level, cancellation);
    }

    /// <summary>Hands over a record that was built by hand.</summary>
    /// <exception cref="OperationCanceledException">As above.</exception>
    public WriteResult Write(LogRecord record, CancellationToken cancellation = default)
    {
        if (closed)
        {
            return WriteResult.NoListener;
        }

        if (record.Level < minimumLevel)
        {
            return WriteResult.Filtered;
        }

        var encoded = RecordEncoder.Encode(record, LocalClock.Default, Listener.WantsProperties);
        if (encoded.Length <= ProtocolLimits.MaxRecordLength && TryHandOver(encoded, record.Level, out var result, cancellation))
        {
            Show(encoded, result);
            return result;
        }

        var keep = encoded.Length <= ProtocolLimits.MaxRecordLength ? KeepWithoutRoom : ProtocolLimits.MaxRecordLength / 4;
        var cut = new LogRecord
        {
            Timestamp = record.Timestamp,
            Level = record.Level,
            Message = Cut(record.Message, keep),
            Process = record.Process,
            Pid = record.Pid,
        };
        return HandOverCut(RecordEncoder.Encode(cut, LocalClock.Default), record.Level, cancellation);
    }

    /// <summary>Waits until every record handed over before is in the listener's files, or, where it is durable, on the disk itself.</summary>
    /// <returns>False when the listener ended first, or could not write.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the records are handed over all the same.</exception>
    public bool WaitUntilWritten(CancellationToken cancellation) => journal is { } current
        ? current.WaitUntilWritten(Ring, cancellation)
        : FlushAsync(cancellation).GetAwaiter().GetResult();

    /// <summary>Completes when every record handed over before is in the listener's files.</summary>
    /// <returns>False when the listener ended first, or could not write.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellation)
    {
        var (number, written) = flushes.Add();
        if (!outbox.TryAppendFrame(FrameType.Flush, number))
        {
            flushes.FailAll();
        }

        return await written.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends what there is, says goodbye and ends. Nothing is taken any more. With a journal nothing is left to be sent.</summary>
    /// <returns>How many records could not be sent in the time given.</returns>
    public async Task<long> CloseAsync(TimeSpan timeout)
    {
        Close();
        journal?.Complete();
        outbox.Complete();
        if (live is null && journal is not null)
        {
            await stopped.CancelAsync().ConfigureAwait(false);
        }

        if (await Task.WhenAny(running, Task.Delay(timeout)).ConfigureAwait(false) != running)
        {
            await stopped.CancelAsync().ConfigureAwait(false);
        }

        return await running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await CloseAsync(options.CloseTimeout).ConfigureAwait(false);

    /// <returns>False when the record is so long that it needs a file of its own, and there is no room for that.</returns>
    private bool TryHandOver(ByteWriter record, LogLevel level, out WriteResult result, CancellationToken cancellation)
    {
        try
        {
            while (journal is { } current)
            {
                result = current.Append(record, level, out var mustRing, cancellation);
                if (mustRing)
                {
                    Ring();
                }

                // Completed while another takes its place: the record goes there. Asked in this order, or the end of a join is missed.
                var isJoining = joining;
                if (result != WriteResult.NoListener || (!isJoining && ReferenceEquals(current, journal)))
                {
                    return true;
                }

                if (isJoining)
                {
                    Thread.Sleep(1);
                }
            }
        }
        catch (JournalException)
        {
            result = default;
            return false;
        }

        result = Send(record, cancellation);
        return true;
    }

    private WriteResult HandOverCut(ByteWriter record, LogLevel level, CancellationToken cancellation)
    {
        var taken = TryHandOver(record, level, out var result, cancellation);
        Show(record, taken ? result : WriteResult.NoListener);
        return taken && result == WriteResult.Accepted ? WriteResult.Truncated : result;
    }

    private static void Show(ByteWriter record, WriteResult result)
    {
        if (result == WriteResult.Accepted)
        {
            ProcessContext.HandedOver?.Invoke(record.Written);
        }
    }

    private WriteResult Send(ByteWriter record, CancellationToken cancellation)
    {
        if (!outbox.TryAppend(record, cancellation))
        {
            return WriteResult.NoListener;
        }

        if (ProcessContext.EndsUnasked)
        {
            outbox.WaitUntilSent(cancellation);
        }

        return WriteResult.Accepted;
    }

    // On the writer's own thread: the listener wakes without another thread's having to wake first.
    private void Ring()
    {
        try
        {
            live?.Send(DoorbellFrame);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener is gone; the next one looks into the ring by itself.
        }
    }

    private static string Cut(string message, int keep) => message.Length <= keep
        ? message
        : $"{message.AsSpan(0, keep)}… [cut: {message.Length - keep} of {message.Length} characters left out]";

    /// <summary>Makes a ring where the listener offers one, and tells it the outcome before anything else.</summary>
    private void OpenJournal(long lastSequence, long settledSequence)
    {
        if (!options.UseJournal || Listener.Journal is not { } offer)
        {
            journal = null;
            return;
        }

        JournalOutbox? made = null;
        string? fault = null;
        try
        {
            var identity = new RingOwner(ListenerGreeting.OwnIdentity, ProcessStart.Own, ProcessContext.EndsUnasked);
            made = new JournalOutbox(RingWriter.Create(offer.Folder, identity, offer.Capacity, lastSequence, settledSequence), offer, options.ReconnectTimeout);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            fault = e.Message;
        }

        journal = made;
        AnnounceJournal(fault);
    }

    private void AnnounceJournal(string? fault)
    {
        var frame = new ByteWriter(256);
        GreetingCodec.WriteJournal(frame, journal?.Path, fault);
        announcement = frame.WrittenMemory;
    }

    private async Task<long> RunAsync(PipeConnection first)
    {
        var connection = first;
        ReadOnlyMemory<byte> leftOver = default;
        while (true)
        {
            var received = ReceiveLoopAsync(connection);
            (var done, leftOver) = await SendLoopAsync(connection, leftOver).ConfigureAwait(false);
            if (done && (journal is null || flushes.HasPending))
            {
                // The listener closes its side once it has read the Goodbye; answers to flushes come before that.
                await Task.WhenAny(received, Task.Delay(options.CloseTimeout)).ConfigureAwait(false);
            }

            live = null;
            saidGoodbye = done;
            if (!done)
            {
                journal?.SetConnected(false);
            }

            await connection.DisposeAsync().ConfigureAwait(false);
            await received.ConfigureAwait(false);
            if (done || await ReconnectAsync().ConfigureAwait(false) is not { } next)
            {
                break;
            }

            connection = next;
            live = next;
            journal?.SetConnected(true);
            flushes.ForEachPending(number => outbox.TryAppendFrame(FrameType.Flush, number));
        }

        Close();
        outbox.Complete();
        outbox.Abandon();
        await CountUnsentAsync(leftOver).ConfigureAwait(false);
        LeaveJournal();
        flushes.FailAll();
        return unsent;
    }

    /// <returns>Whether everything was sent, Goodbye included; otherwise the frames the broken connection may not have taken.</returns>
    private async Task<(bool Done, ReadOnlyMemory<byte> LeftOver)> SendLoopAsync(PipeConnection connection, ReadOnlyMemory<byte> frames)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopped.Token, connection.Ended);
        var lastSent = 0L;
        try
        {
            await connection.SendAsync(announcement, ended.Token).ConfigureAwait(false);
            while (true)
            {
                if (!frames.IsEmpty)
                {
                    await connection.SendAsync(frames, ended.Token).ConfigureAwait(false);
                    outbox.MarkSent();
                    lastSent = Stopwatch.GetTimestamp();
                    frames = default;
                }

                var gather = Stopwatch.GetElapsedTime(lastSent) < Gather ? Gather : TimeSpan.Zero;
                frames = await outbox.TakeAsync(gather, ended.Token).ConfigureAwait(false);
                if (frames.IsEmpty)
                {
                    return (true, default);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            return (false, frames);
        }
    }

    private async Task ReceiveLoopAsync(PipeConnection connection)
    {
        try
        {
            while (await connection.ReadAsync(stopped.Token).ConfigureAwait(false) is { } frame)
            {
                switch (frame.Type)
                {
                    case FrameType.Flushed:
                        var reader = new SpanReader(frame.Payload.Span);
                        flushes.Complete(reader.ReadInt64(), written: reader.ReadByte() != 0);
                        break;
                    case FrameType.Room or FrameType.Answered:
                        journal?.OnNews();
                        break;
                    case FrameType.Level:
                        var (number, level) = LevelCodec.ReadLevel(frame);
                        GoBy(level);
                        outbox.TryAppendFrame(FrameType.LevelTaken, number);
                        break;
                    case FrameType.Closing:
                        Close();
                        journal?.Complete();
                        outbox.Complete();
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException or ProtocolException)
        {
            // The same as the end of the stream: the listener is gone.
        }

        connection.MarkEnded();
    }

    private async Task<PipeConnection?> ReconnectAsync()
    {
        var since = Stopwatch.GetTimestamp();
        var pause = FirstPause;

        // A client that is closed has nothing to look for: its records lie in the journal.
        while (!stopped.IsCancellationRequested && !(closed && journal is not null))
        {
            var isLate = Stopwatch.GetElapsedTime(since) > options.ReconnectTimeout;
            if (isLate && journal is null)
            {
                break;
            }

            try
            {
                // A successor may listen elsewhere: the journal says where.
                var address = journal is { } ring ? JournalFolder.FindAddress(ring.Path) ?? Address : Address;
                var (connection, listener) = await ListenerGreeting.ExchangeAsync(address, TimeSpan.FromMilliseconds(250), stopped.Token).ConfigureAwait(false);
                Join(listener);
                return connection;
            }
            catch (Exception e) when (e is IOException or TimeoutException or UnauthorizedAccessException)
            {
                if (isLate)
                {
                    // Whoever waits for the file has waited long enough; the records themselves are kept.
                    flushes.FailAll();
                }

                await Task.WhenAny(Task.Delay(pause, stopped.Token)).ConfigureAwait(false);
                pause = isLate ? LatePause : FirstPause;
            }
            catch (Exception e) when (e is ProtocolException or OperationCanceledException)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>Goes on with the journal when the new listener writes the same log; otherwise that log's next listener finds it.</summary>
    private void Join(ListenerIdentity listener)
    {
        var isSameLog = string.Equals(listener.LogPath, Listener.LogPath, StringComparison.Ordinal) && listener.Journal is not null;
        Listener = listener;
        GoBy(listener.MinimumLevel);
        if (journal is not { } old)
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
            flushes.FailAll();
        }

        // Completed first: a record that went into the old one from now on would have a number of the new one's.
        joining = true;
        old.Complete();
        OpenJournal(old.LastSequence, isGone ? old.SettledSequence : old.LastSequence);
        joining = false;
        old.Dispose();
    }

    private void GoBy(LogLevel level)
    {
        lock (levelGate)
        {
            minimumLevel = closed ? LogLevel.Trace : level;
        }
    }

    private void Close()
    {
        lock (levelGate)
        {
            closed = true;
            minimumLevel = LogLevel.Trace;
        }
    }

    private void LeaveJournal()
    {
        if (journal is { } left)
        {
            Kept = live is null && !saidGoodbye ? left.Pending : 0;
            left.Dispose();
        }
    }

    private async Task CountUnsentAsync(ReadOnlyMemory<byte> leftOver)
    {
        var frames = leftOver.IsEmpty ? await outbox.TakeAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false) : leftOver;
        for (; !frames.IsEmpty; frames = await outbox.TakeAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false))
        {
            while (FrameReader.TryRead(ref frames, int.MaxValue - 4, out var frame, out _))
            {
                if (frame.Type == FrameType.Records)
                {
                    Interlocked.Add(ref unsent, RecordCodec.Count(frame.Payload.Span));
                }
            }
        }
    }
}
