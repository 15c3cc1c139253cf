using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Listener.JsonLines;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>One client's connection: turns its frames into events, or has its JSON lines read.</summary>
internal sealed class ListenerSession : IAsyncDisposable
{
    private static readonly ClientIdentity Stranger = new(0, "?", null);

    private readonly PipeConnection connection;
    private readonly ListenerIdentity listener;
    private readonly ListenerLevels levels;
    private readonly SessionEvents events;
    private readonly FailureLog failures;
    private volatile bool closing;
    private volatile bool dropped;

    // What it sends is known from its first bytes on.
    private volatile bool sendsFrames;
    private volatile LineSession? lines;

    public ListenerSession(PipeConnection connection, ListenerIdentity listener, ListenerLevels levels, SessionEvents events, FailureLog failures)
    {
        this.connection = connection;
        this.listener = listener;
        this.levels = levels;
        this.events = events;
        this.failures = failures;
        Answers = new ClientAnswers(connection, CutOff);
    }

    /// <summary>What it is told.</summary>
    public ClientAnswers Answers { get; }

    /// <summary>Who is at the other end; a stranger until it has greeted.</summary>
    public ClientIdentity Client { get; private set; } = Stranger;

    /// <summary>Where its records are counted; null until it has greeted. From then on the dispatcher's.</summary>
    public RecordSource? Source { get; set; }

    public bool HasGreeted => Client != Stranger;

    public bool IsConnected { get; private set; } = true;

    /// <summary>Whether it was cut off.</summary>
    public bool IsDropped => dropped;

    /// <summary>Reads until the client has said goodbye or is gone, whichever comes first.</summary>
    public async Task RunAsync(TimeSpan greetingTimeout, CancellationToken cancellation)
    {
        try
        {
            if (await GreetAsync(greetingTimeout, cancellation).ConfigureAwait(false))
            {
                await (lines?.RunAsync(cancellation) ?? ReadLoopAsync(cancellation)).ConfigureAwait(false);
            }
        }
        catch (ProtocolException e)
        {
            failures.ReportClient($"client {Describe()}", FailureSeverity.Final, $"Cut off: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException || (e is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            // The client is gone, or the listener gave it up: what it sent before is handed over.
        }
        finally
        {
            IsConnected = false;
            levels.Leave(this);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Asks the client to send what it has and to leave. One that sends lines is not asked: what it has sent is taken.</summary>
    public async Task CloseAsync()
    {
        closing = true;
        if (!sendsFrames)
        {
            connection.StopReceiving();
        }
        else if (HasGreeted)
        {
            await Answers.SendClosingAsync().ConfigureAwait(false);
        }
        else
        {
            // It has handed nothing over.
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Says who a client is that has sent no greeting; it is listed from now on.</summary>
    public void Introduce(ClientIdentity client)
    {
        Source = new RecordSource(client, ring: null) { Session = this };
        Client = client;
        events.Greet(this);
    }

    /// <summary>Drops the connection.</summary>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>Tells the client whether everything before a flush of its own is written.</summary>
    public void Acknowledge(long number, bool isWritten)
    {
        if (lines is not { } asking)
        {
            Answers.SendFlushed(number, isWritten);
        }
        else if (asking.Acknowledge(number, isWritten, Source!.LastSequence) is { } answer)
        {
            Answers.Send(answer);
        }
    }

    /// <summary>Tells the client that its ring cannot be taken: what that holds, and all that it writes from now on, is to come over the pipe.</summary>
    public void RefuseJournal(string fault)
    {
        ReportNoJournal(fault);
        Answers.SendJournal(fault);
    }

    /// <summary>Cuts the client off; what it sent before is written.</summary>
    public void Drop()
    {
        dropped = true;
        _ = connection.DisposeAsync().AsTask();
    }

    private void CutOff(string reason)
    {
        failures.ReportClient($"client {Describe()}", FailureSeverity.Final, $"Cut off: {reason}", null);
        Drop();
    }

    private string Describe() => HasGreeted ? $"{Client.Process} (pid {Client.Pid})" : "without a greeting";

    private async Task<bool> GreetAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            if (await LineSession.IsSentOverAsync(connection, deadline.Token, cancellation).ConfigureAwait(false))
            {
                lines = new LineSession(connection, this, events, failures, LocalClock.Default);
                return true;
            }

            // One that greets while the listener closes has handed nothing over.
            sendsFrames = true;
            if (closing || await connection.ReadAsync(deadline.Token).ConfigureAwait(false) is not { } frame)
            {
                return false;
            }

            var client = GreetingCodec.ReadHello(frame);

            // Known from here on: a stop that comes between this and the answer waits for the client's goodbye.
            Introduce(client);
            connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
            await levels.WelcomeAsync(this, WelcomeAsync).ConfigureAwait(false);
            return true;

            ValueTask WelcomeAsync(WantedLevels wanted)
            {
                var welcome = new ByteWriter(256);
                GreetingCodec.WriteWelcome(welcome, listener with { MinimumLevel = wanted.Taken, WrittenLevel = wanted.Written });
                return connection.SendAsync(welcome.WrittenMemory, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            failures.ReportClient("client without a greeting", FailureSeverity.Final, $"Cut off: it connected and did not greet within {timeout.TotalSeconds:0.###} s.", null);
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
                    events.Ring();
                    break;
                case FrameType.Records:
                    await events.WriteAsync(SessionEvent.OfBatch(this, frame.Payload.Span), cancellation).ConfigureAwait(false);
                    break;
                case FrameType.Feed:
                    await events.WriteAsync(SessionEvent.OfBatch(this, frame.Payload.Span, SessionEventKind.Feed), cancellation).ConfigureAwait(false);
                    break;
                case FrameType.FeedMissing:
                    var (host, since) = FeedCodec.ReadMissing(frame);
                    await events.WriteAsync(new SessionEvent(this, SessionEventKind.FeedMissing) { Path = host, Number = since }, cancellation).ConfigureAwait(false);
                    break;
                case FrameType.Journal:
                    await HandleJournalAsync(frame, cancellation).ConfigureAwait(false);
                    break;
                case FrameType.Flush:
                    await events.WriteAsync(new SessionEvent(this, SessionEventKind.Flush) { Number = FlushCodec.ReadFlush(frame) }, cancellation).ConfigureAwait(false);
                    break;
                case FrameType.Lost:
                    await events.WriteAsync(new SessionEvent(this, SessionEventKind.Lost) { Number = FlushCodec.ReadLost(frame) }, cancellation).ConfigureAwait(false);
                    break;
                case FrameType.LevelTaken:
                    levels.Acknowledge(this, LevelCodec.ReadTaken(frame));
                    break;
                case FrameType.Goodbye:
                    Source!.SaidGoodbye = true;
                    return;
                default:
                    throw new ProtocolException($"A frame of type {(byte)frame.Type} is not for a listener.");
            }
        }
    }

    private async ValueTask HandleJournalAsync(Frame frame, CancellationToken cancellation)
    {
        var (path, fault) = GreetingCodec.ReadJournal(frame);
        if (path is null)
        {
            ReportNoJournal(fault);
        }
        else if (events.FaultOf(path) is { } refusal)
        {
            RefuseJournal(refusal);
        }
        else
        {
            // Here and not behind the dispatcher, which may be waiting for a disk: a client that ends waits for this.
            Answers.SendJournal(fault: null);
            await events.WriteAsync(new SessionEvent(this, SessionEventKind.Journal) { Path = path }, cancellation).ConfigureAwait(false);
        }
    }

    private void ReportNoJournal(string? fault) =>
        failures.ReportClient($"client {Describe()}", FailureSeverity.Temporary, $"It has no journal, so its records do not survive its end: {fault}", null);
}
