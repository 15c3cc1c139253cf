using System.Buffers.Binary;
using QueueLog.Diagnostics;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>One client's connection: reads its frames into the inbox.</summary>
internal sealed class ListenerSession(PipeConnection connection, ListenerIdentity listener, SessionInbox inbox, FailureLog failures) : IAsyncDisposable
{
    // Answers that wait to be read by a client. One that asks on and on and never reads must not fill the memory with them.
    private const int MaxUnread = 16 * 1024;

    private static readonly ClientIdentity Stranger = new(0, "?", null);

    private int unread;

    /// <summary>Who is at the other end; a stranger until it has greeted.</summary>
    public ClientIdentity Client { get; private set; } = Stranger;

    /// <summary>Where its records are counted; null until it has greeted. From then on the dispatcher's.</summary>
    public RecordSource? Source { get; set; }

    public bool HasGreeted => Client != Stranger;

    public bool IsConnected { get; private set; } = true;

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
        Send(FrameType.Flushed, payload);
    }

    /// <summary>Tells a writer that waits that its ring has room. Never waits for a client that does not read.</summary>
    public void SayRoom() => Send(FrameType.Room, []);

    /// <summary>Tells a thread that waits for its records to be written that there is an answer.</summary>
    public void SayAnswered() => Send(FrameType.Answered, []);

    /// <summary>Cuts the client off; what it sent before is written.</summary>
    public void Drop() => _ = connection.DisposeAsync().AsTask();

    // Flush = number:i64le, at least 1; Flushed answers it
    private static long FlushNumber(Frame frame)
    {
        var number = new SpanReader(frame.Payload.Span).ReadInt64();
        return number > 0 ? number : throw new ProtocolException($"A flush has the number {number}; numbers start at 1.");
    }

    private void Send(FrameType type, ReadOnlySpan<byte> payload)
    {
        if (Interlocked.Increment(ref unread) == MaxUnread)
        {
            failures.Report($"client {Describe()}", FailureSeverity.Final, $"Cut off: it has left {MaxUnread} answers unread.", null);
            Drop();
        }

        _ = SendQuietlyAsync(connection.SendAsync(type, payload, CancellationToken.None));
    }

    private async Task SendQuietlyAsync(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It did not wait for the answer.
        }
        finally
        {
            Interlocked.Decrement(ref unread);
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
            Source = new RecordSource(client, ring: null) { Session = this };
            inbox.Greet(this);
            connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
            await connection.SendAsync(welcome.WrittenMemory, deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            failures.Report("client without a greeting", FailureSeverity.Final, $"Cut off: it connected and did not greet within {timeout.TotalSeconds:0.###} s.", null);
            return false;
        }
    }

    private async Task ReadLoopAsync(CancellationToken cancellation)
    {
        while (await connection.ReadAsync(cancellation).ConfigureAwait(false) is { } frame)
        {
            switch (frame.Type)
            {
                case FrameType.Doorbell:
                    inbox.Ring();
                    break;
                case FrameType.Records:
                    await inbox.WriteAsync(InboxEntry.OfBatch(this, frame.Payload.Span), cancellation).ConfigureAwait(false);
                    break;
                case FrameType.Journal:
                    await TakeJournalAsync(frame, cancellation).ConfigureAwait(false);
                    break;
                case FrameType.Flush:
                    await inbox.WriteAsync(new InboxEntry(this, InboxEntryKind.Flush) { Number = FlushNumber(frame) }, cancellation).ConfigureAwait(false);
                    break;
                case FrameType.Goodbye:
                    Source!.SaidGoodbye = true;
                    return;
                default:
                    throw new ProtocolException($"A frame of type {(byte)frame.Type} is not for a listener.");
            }
        }
    }

    private async ValueTask TakeJournalAsync(Frame frame, CancellationToken cancellation)
    {
        var (path, fault) = GreetingCodec.ReadJournal(frame);
        if (path is not null)
        {
            await inbox.WriteAsync(new InboxEntry(this, InboxEntryKind.Journal) { Path = path }, cancellation).ConfigureAwait(false);
        }
        else
        {
            failures.Report($"client {Describe()}", FailureSeverity.Temporary, $"It has no journal, so its records do not survive its end: {fault}", null);
        }
    }
}
