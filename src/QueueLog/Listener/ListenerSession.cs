using System.Buffers.Binary;
using System.Threading.Channels;
using QueueLog.Diagnostics;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>One client's connection: reads its frames into the inbox.</summary>
internal sealed class ListenerSession(PipeConnection connection, ListenerIdentity listener, ChannelWriter<InboxEntry> inbox, FailureLog failures) : IAsyncDisposable
{
    private static readonly ClientIdentity Stranger = new(0, "?", null);

    // Written by the dispatcher, read by anyone.
    private long received;
    private long written;
    private long lost;
    private long lastSequence;

    /// <summary>Who is at the other end; a stranger until it has greeted.</summary>
    public ClientIdentity Client { get; private set; } = Stranger;

    public bool HasGreeted => Client != Stranger;

    public bool IsConnected { get; private set; } = true;

    public ClientStatistics Statistics => new(
        Client.Process,
        Client.Pid,
        IsConnected,
        Interlocked.Read(ref received),
        Interlocked.Read(ref written),
        Interlocked.Read(ref lost),
        Interlocked.Read(ref lastSequence));

    /// <summary>Reads until the client has said goodbye or is gone, whichever comes first.</summary>
    public async Task RunAsync(TimeSpan greetingTimeout, CancellationToken cancellation)
    {
        try
        {
            if (await GreetAsync(greetingTimeout, cancellation).ConfigureAwait(false))
            {
                await ReadLoopAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (ProtocolException e)
        {
            failures.Report($"client {Describe()}", FailureSeverity.Final, $"Cut off: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException || (e is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            // The client is gone, or the listener gave it up: what it sent before is in the inbox.
        }
        finally
        {
            IsConnected = false;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Asks the client to send what it has and to leave.</summary>
    public async Task CloseAsync()
    {
        try
        {
            await connection.SendAsync(FrameType.Closing, [], CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It has left already.
        }
    }

    /// <summary>Drops the connection.</summary>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    // Flushed = number:i64le written:u8
    /// <summary>Tells the client whether everything before a flush of its own is written. Never waits for a client that does not read.</summary>
    public void AnswerFlush(long number, bool isWritten)
    {
        Span<byte> payload = stackalloc byte[9];
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        payload[8] = isWritten ? (byte)1 : (byte)0;
        _ = SendQuietlyAsync(connection.SendAsync(FrameType.Flushed, payload, CancellationToken.None));
    }

    /// <summary>Called by the dispatcher for each record, before it is written.</summary>
    public void CountReceived(long sequence)
    {
        received++;
        if (sequence > lastSequence + 1)
        {
            lost += sequence - lastSequence - 1;
        }

        lastSequence = Math.Max(lastSequence, sequence);
    }

    /// <summary>Called by the dispatcher once all records counted so far have been written.</summary>
    public void CountWritten() => Interlocked.Exchange(ref written, received);

    // Flush = number:i64le, at least 1; Flushed answers it
    private static long FlushNumber(Frame frame)
    {
        var number = new SpanReader(frame.Payload.Span).ReadInt64();
        return number > 0 ? number : throw new ProtocolException($"A flush has the number {number}; numbers start at 1.");
    }

    private static async Task SendQuietlyAsync(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It did not wait for the answer.
        }
    }

    private string Describe() => HasGreeted ? $"{Client.Process} (pid {Client.Pid})" : "without a greeting";

    private async Task<bool> GreetAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            if (await connection.ReadAsync(deadline.Token).ConfigureAwait(false) is not { } frame)
            {
                return false;
            }

            var client = GreetingCodec.ReadHello(frame);
            var welcome = new ByteWriter(256);
            GreetingCodec.WriteWelcome(welcome, listener);

            // Known from here on: a stop that comes between this and the answer waits for the client's goodbye.
            Client = client;
            connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
            await connection.SendAsync(welcome.WrittenMemory, deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            failures.Report("client without a greeting", FailureSeverity.Final, $"Cut off: it connected and did not greet within {timeout.TotalSeconds:0} s.", null);
            return false;
        }
    }

    private async Task ReadLoopAsync(CancellationToken cancellation)
    {
        while (await connection.ReadAsync(cancellation).ConfigureAwait(false) is { } frame)
        {
            switch (frame.Type)
            {
                case FrameType.Records:
                    await inbox.WriteAsync(InboxEntry.OfBatch(this, frame.Payload.Span), cancellation).ConfigureAwait(false);
                    break;
                case FrameType.Flush:
                    await inbox.WriteAsync(InboxEntry.OfFlush(this, FlushNumber(frame)), cancellation).ConfigureAwait(false);
                    break;
                case FrameType.Goodbye:
                    return;
                default:
                    throw new ProtocolException($"A frame of type {(byte)frame.Type} is not for a listener.");
            }
        }
    }
}
