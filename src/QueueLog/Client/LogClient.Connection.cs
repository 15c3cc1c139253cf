using System.Diagnostics;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Client;

// Its life: the loops of a connection, and the search for the next listener.
internal sealed partial class LogClient
{
    // Records written while the last frame was younger than this wait as long for company: one frame for many.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(1);

    // Between two attempts to find a listener again, at first and when it takes long.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LatePause = TimeSpan.FromSeconds(1);

    private async Task<long> RunAsync(PipeConnection first)
    {
        var connection = first;
        ReadOnlyMemory<byte> leftOver = default;
        ClientState end;
        while (true)
        {
            answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            backlog?.Rewind();
            var received = ReceiveLoopAsync(connection);
            (var done, leftOver) = await SendLoopAsync(connection, leftOver).ConfigureAwait(false);
            if (done && (Journal is null || acknowledgements.HasPending))
            {
                // The listener closes its side once it has read the Goodbye; answers to flushes come before that.
                await Task.WhenAny(received, Task.Delay(options.CloseTimeout)).ConfigureAwait(false);
            }

            if (!done)
            {
                Journal?.SetConnected(false);
            }

            live = null;
            await connection.DisposeAsync().ConfigureAwait(false);
            await received.ConfigureAwait(false);
            end = done ? ClientState.Left : ClientState.Lost;
            if (done || await ReconnectAsync().ConfigureAwait(false) is not { } next)
            {
                break;
            }

            connection = next;
            live = next;
            Journal?.SetConnected(true);
            acknowledgements.ForEachPending(number => pipe.TryAppendFrame(FrameType.Flush, number));
        }

        Close();
        Enter(end);
        pipe.Abandon();
        await CountUnsentAsync(leftOver).ConfigureAwait(false);
        LeaveJournal();
        acknowledgements.FailAll();
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
                // Before what the channel gave: that was written later.
                await SendBacklogAsync(connection, ended.Token).ConfigureAwait(false);
                if (!frames.IsEmpty)
                {
                    await connection.SendAsync(frames, ended.Token).ConfigureAwait(false);
                    pipe.MarkSent();
                    lastSent = Stopwatch.GetTimestamp();
                    frames = default;
                }

                var linger = Stopwatch.GetElapsedTime(lastSent) < Linger ? Linger : TimeSpan.Zero;
                frames = await pipe.ReadBatchAsync(linger, ended.Token).ConfigureAwait(false);
                if (pipe.IsCompleted)
                {
                    await AwaitJournalAnswerAsync(ended.Token).ConfigureAwait(false);
                    if (frames.IsEmpty && backlog is null)
                    {
                        return (true, default);
                    }
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
                        var (flush, isWritten) = FlushCodec.ReadFlushed(frame);
                        acknowledgements.Complete(flush, isWritten);
                        break;
                    case FrameType.Room or FrameType.Answered:
                        Journal?.OnNews();
                        break;
                    case FrameType.Level:
                        var (number, levels) = LevelCodec.ReadLevel(frame);
                        GoBy(levels);
                        pipe.TryAppendFrame(FrameType.LevelTaken, number);
                        break;
                    case FrameType.JournalAnswer:
                        OnJournalAnswer(GreetingCodec.ReadJournalAnswer(frame));
                        break;
                    case FrameType.Closing:
                        Close();
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
        while (!stopped.IsCancellationRequested && !(IsClosed && Journal is not null))
        {
            var isLate = Stopwatch.GetElapsedTime(since) > options.ReconnectTimeout;
            if (isLate && Journal is null)
            {
                break;
            }

            var isAnswered = false;
            try
            {
                // A successor may listen elsewhere: the journal says where.
                var address = Journal is { } ring ? JournalFolder.FindAddress(ring.Path) ?? Address : Address;
                var (connection, listener) = await ListenerGreeting.ExchangeAsync(address, options.ConnectTimeout, Answered, stopped.Token).ConfigureAwait(false);
                Join(listener);
                return connection;
            }
            catch (Exception e) when (e is IOException or TimeoutException or UnauthorizedAccessException)
            {
                if (isAnswered)
                {
                    Journal?.SetConnected(false);
                }

                if (isLate)
                {
                    // Whoever waits for the file has waited long enough; the records themselves are kept.
                    acknowledgements.FailAll();
                }

                await Task.WhenAny(Task.Delay(pause, stopped.Token)).ConfigureAwait(false);
                pause = isLate ? LatePause : FirstPause;
            }
            catch (Exception e) when (e is ProtocolException or OperationCanceledException)
            {
                break;
            }

            // Slow is not dead: who waits for room need not give up while a listener is about to greet.
            void Answered()
            {
                isAnswered = true;
                Journal?.SetConnected(true);
            }
        }

        return null;
    }

    private async Task CountUnsentAsync(ReadOnlyMemory<byte> leftOver)
    {
        var frames = leftOver.IsEmpty ? await pipe.ReadBatchAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false) : leftOver;
        for (; !frames.IsEmpty; frames = await pipe.ReadBatchAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false))
        {
            while (FrameReader.TryRead(ref frames, int.MaxValue - 4, out var frame, out _))
            {
                if (frame.Type == FrameType.Records)
                {
                    Interlocked.Add(ref unsent, RecordCodec.Count(frame.Payload.Span));
                }
                else if (frame.Type == FrameType.Lost)
                {
                    LostUnreported += new SpanReader(frame.Payload.Span).ReadInt64();
                }
            }
        }
    }
}
