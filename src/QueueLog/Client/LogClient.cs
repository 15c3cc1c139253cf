using System.Diagnostics;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>The sending half: one per process and listener, shared by all of the process's threads.</summary>
internal sealed class LogClient : IAsyncDisposable
{
    // Records written while the last frame was younger than this wait as long for company: one frame for many.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(1);

    private readonly ClientOptions options;
    private readonly Outbox outbox;
    private readonly FlushRequests flushes = new();
    private readonly CancellationTokenSource stopped = new();
    private readonly Task<long> running;
    private volatile bool closed;
    private long unsent;

    private LogClient(string address, ClientOptions options, PipeConnection connection, ListenerIdentity listener)
    {
        Address = address;
        Listener = listener;
        this.options = options;
        outbox = new Outbox(options.Capacity);
        running = Task.Run(() => RunAsync(connection));
    }

    public string Address { get; }

    public ListenerIdentity Listener { get; private set; }

    /// <summary>Records below this level are not taken.</summary>
    public LogLevel MinimumLevel => Listener.MinimumLevel;

    /// <summary>Whether the client has ended: the listener stopped, or was lost for good. A new one may be connected.</summary>
    public bool IsClosed => closed;

    /// <summary>Completes when the client has ended, with the number of records it had taken and could not send.</summary>
    public Task<long> Completion => running;

    /// <summary>Connects and greets.</summary>
    /// <exception cref="TimeoutException">No one answers.</exception>
    /// <exception cref="IOException">The connection broke before the listener had answered.</exception>
    /// <exception cref="ProtocolException">Something else than a listener of this version answers.</exception>
    public static async Task<LogClient> ConnectAsync(string address, ClientOptions options, CancellationToken cancellation)
    {
        var (connection, listener) = await ListenerGreeting.ExchangeAsync(address, options.ConnectTimeout, cancellation).ConfigureAwait(false);
        return new LogClient(address, options, connection, listener);
    }

    /// <summary>Hands a record over. When this returns Accepted, the record will be written unless this process is killed.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while the listener was behind; the record was not taken.</exception>
    public WriteResult Write(scoped in RecordDraft draft, CancellationToken cancellation = default)
    {
        if (closed)
        {
            return WriteResult.NoListener;
        }

        if (draft.Level < Listener.MinimumLevel)
        {
            return WriteResult.Filtered;
        }

        var record = RecordEncoder.Encode(draft, LocalClock.Default);
        if (record.Length <= ProtocolLimits.MaxRecordLength)
        {
            return HandOver(record, WriteResult.Accepted, cancellation);
        }

        // The message alone is kept, cut: a template or properties may be what is too long.
        var cut = new RecordDraft { Level = draft.Level, Message = Cut(draft.Message), Category = draft.Category };
        return HandOver(RecordEncoder.Encode(cut, LocalClock.Default), WriteResult.Truncated, cancellation);
    }

    /// <summary>Hands over a record that was built by hand.</summary>
    /// <exception cref="OperationCanceledException">As above.</exception>
    public WriteResult Write(LogRecord record, CancellationToken cancellation = default)
    {
        if (closed)
        {
            return WriteResult.NoListener;
        }

        if (record.Level < Listener.MinimumLevel)
        {
            return WriteResult.Filtered;
        }

        var encoded = RecordEncoder.Encode(record, LocalClock.Default);
        if (encoded.Length <= ProtocolLimits.MaxRecordLength)
        {
            return HandOver(encoded, WriteResult.Accepted, cancellation);
        }

        var cut = new LogRecord
        {
            Timestamp = record.Timestamp,
            Level = record.Level,
            Message = Cut(record.Message),
            Process = record.Process,
            Pid = record.Pid,
        };
        return HandOver(RecordEncoder.Encode(cut, LocalClock.Default), WriteResult.Truncated, cancellation);
    }

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

    /// <summary>Sends what there is, says goodbye and ends. Nothing is taken any more.</summary>
    /// <returns>How many records could not be sent in the time given.</returns>
    public async Task<long> CloseAsync(TimeSpan timeout)
    {
        closed = true;
        outbox.Complete();
        if (await Task.WhenAny(running, Task.Delay(timeout)).ConfigureAwait(false) != running)
        {
            await stopped.CancelAsync().ConfigureAwait(false);
        }

        return await running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await CloseAsync(options.CloseTimeout).ConfigureAwait(false);

    private WriteResult HandOver(ByteWriter record, WriteResult result, CancellationToken cancellation)
    {
        if (!outbox.TryAppend(record, cancellation))
        {
            return WriteResult.NoListener;
        }

        if (ProcessContext.EndsUnasked)
        {
            outbox.WaitUntilSent(cancellation);
        }

        return result;
    }

    private static string Cut(string message)
    {
        const int Keep = ProtocolLimits.MaxRecordLength / 4;
        return message.Length <= Keep
            ? message
            : $"{message.AsSpan(0, Keep)}… [cut: {message.Length - Keep} of {message.Length} characters left out]";
    }

    private async Task<long> RunAsync(PipeConnection first)
    {
        var connection = first;
        ReadOnlyMemory<byte> leftOver = default;
        while (true)
        {
            var received = ReceiveLoopAsync(connection);
            (var done, leftOver) = await SendLoopAsync(connection, leftOver).ConfigureAwait(false);
            if (done)
            {
                // The listener closes its side once it has read the Goodbye; answers to flushes come before that.
                await Task.WhenAny(received, Task.Delay(options.CloseTimeout)).ConfigureAwait(false);
            }

            await connection.DisposeAsync().ConfigureAwait(false);
            await received.ConfigureAwait(false);
            if (done || await ReconnectAsync().ConfigureAwait(false) is not { } next)
            {
                break;
            }

            connection = next;
            flushes.ForEachPending(number => outbox.TryAppendFrame(FrameType.Flush, number));
        }

        closed = true;
        outbox.Complete();
        outbox.Abandon();
        await CountUnsentAsync(leftOver).ConfigureAwait(false);
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
                    case FrameType.Closing:
                        closed = true;
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
        while (!stopped.IsCancellationRequested && Stopwatch.GetElapsedTime(since) < options.ReconnectTimeout)
        {
            try
            {
                var (connection, listener) = await ListenerGreeting.ExchangeAsync(Address, TimeSpan.FromMilliseconds(250), stopped.Token).ConfigureAwait(false);
                Listener = listener;
                return connection;
            }
            catch (Exception e) when (e is IOException or TimeoutException or UnauthorizedAccessException)
            {
                await Task.WhenAny(Task.Delay(100, stopped.Token)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ProtocolException or OperationCanceledException)
            {
                break;
            }
        }

        return null;
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
