using System.Diagnostics;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>The sending half: one per process and listener, shared by all of the process's threads.</summary>
internal sealed partial class LogClient : IAsyncDisposable
{
    // Characters kept of a message that is too long for the ring where there is no room for a file of its own.
    private const int KeepWithoutRoom = 16 * 1024;

    private static readonly byte[] DoorbellFrame = [1, 0, 0, 0, (byte)FrameType.Doorbell];

    private readonly ClientOptions options;
    private readonly PipeChannel pipe;
    private readonly AcknowledgeRequests acknowledgements = new();
    private readonly CancellationTokenSource stopped = new();
    private readonly Task<long> running;

    // Held while another channel takes the place of this one: a writer whose record finds it completed waits for the next.
    private readonly object exchange = new();

    // A ring's, or the pipe where there is none; changed under the exchange.
    private volatile IRecordChannel channel;

    // Null while there is none.
    private volatile PipeConnection? live;
    private ReadOnlyMemory<byte> announcement;

    // Of the state and the level, which a closing client must not get back from a frame that comes late.
    private readonly object stateGate = new();
    private volatile ClientState state;
    private volatile LogLevel minimumLevel;
    private volatile LogLevel wantedLevel;

    // Below it records are held back. As low as the lowest that is taken where none are.
    private volatile LogLevel writtenLevel;
    private readonly HeldRecords held = new();
    private long unsent;

    private LogClient(string address, ClientOptions options, PipeConnection connection, ListenerIdentity listener)
    {
        Address = address;
        Listener = listener;
        minimumLevel = wantedLevel = listener.MinimumLevel;
        writtenLevel = listener.WrittenLevel;
        this.options = options;
        channel = pipe = new PipeChannel(options.Capacity);
        live = connection;
        OpenJournal(lastSequence: 0, writtenSequence: 0);
        if (options.Lost > 0)
        {
            TryCountLost(options.Lost);
        }

        running = Task.Run(() => RunAsync(connection));
    }

    public string Address { get; }

    public ListenerIdentity Listener { get; private set; }

    /// <summary>Records below this level are not taken. A closed client filters nothing: another one is asked.</summary>
    public LogLevel MinimumLevel => minimumLevel;

    /// <summary>The lowest level the listener wanted when it was last heard of, also when the client has ended.</summary>
    public LogLevel WantedLevel => wantedLevel;

    /// <summary>Whether a record is to say which place wrote it.</summary>
    public bool WantsCaller => Listener.WantsCaller;

    /// <summary>Whether the client has ended: the listener stopped, or was lost for good. A new one may be connected.</summary>
    public bool IsClosed => state != ClientState.Open;

    /// <summary>Whether it has a connection, and has not seen that connection end.</summary>
    public bool IsConnected => live is not null;

    /// <summary>Completes when the client has ended, with the number of records it had taken and could not send.</summary>
    public Task<long> Completion => running;

    /// <summary>The client's ring; null while it has none.</summary>
    public string? JournalPath => Journal?.Path;

    /// <summary>When the client has ended: the lost records that no listener has been told of.</summary>
    public long LostUnreported { get; private set; }

    /// <summary>When the client has ended: the records that lie in the journal for the log's next listener.</summary>
    public long Kept { get; private set; }

    /// <summary>Connects and greets.</summary>
    /// <exception cref="TimeoutException">No one answers.</exception>
    /// <exception cref="IOException">The connection broke before the listener had answered.</exception>
    /// <exception cref="ProtocolException">Something else than a listener of this version answers.</exception>
    public static async Task<LogClient> ConnectAsync(string address, ClientOptions options, CancellationToken cancellation)
    {
        var (connection, listener) = await ListenerGreeting.ExchangeAsync(address, options.ConnectTimeout, onConnected: null, cancellation).ConfigureAwait(false);
        return new LogClient(address, options, connection, listener);
    }

    /// <summary>Hands a record over. When this returns Accepted, the record lies in the journal and depends on no process's life.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while the listener was behind; the record was not taken.</exception>
    public WriteResult Write(scoped in RecordDraft draft, CancellationToken cancellation = default)
    {
        if (RefusalOf(draft.Level) is { } refusal)
        {
            return refusal;
        }

        if (draft.Level < writtenLevel)
        {
            held.Add(RecordEncoder.Encode(draft, LocalClock.Default, Listener.WantsProperties, isHeld: true).Written);
            return WriteResult.Accepted;
        }

        HandOverHeld(draft.Level, cancellation);
        var record = RecordEncoder.Encode(draft, LocalClock.Default, Listener.WantsProperties);
        if (TryHandOver(record, draft.Level, out var result, cancellation))
        {
            return result;
        }

        // The message alone is kept, cut: a template or properties may be what is too long.
        var cut = new RecordDraft { Level = draft.Level, Message = Cut(draft.Message, record), Category = draft.Category };
        return HandOverCut(RecordEncoder.Encode(cut, LocalClock.Default), draft.Level, cancellation);
    }

    /// <summary>Hands over a record that was built by hand.</summary>
    /// <exception cref="OperationCanceledException">As above.</exception>
    public WriteResult Write(LogRecord record, CancellationToken cancellation = default)
    {
        if (RefusalOf(record.Level) is { } refusal)
        {
            return refusal;
        }

        if (record.Level < writtenLevel)
        {
            held.Add(RecordEncoder.Encode(record, LocalClock.Default, Listener.WantsProperties, isHeld: true).Written);
            return WriteResult.Accepted;
        }

        HandOverHeld(record.Level, cancellation);
        var encoded = RecordEncoder.Encode(record, LocalClock.Default, Listener.WantsProperties);
        if (TryHandOver(encoded, record.Level, out var result, cancellation))
        {
            return result;
        }

        var cut = new LogRecord
        {
            Timestamp = record.Timestamp,
            Level = record.Level,
            Message = Cut(record.Message, encoded),
            Process = record.Process,
            Pid = record.Pid,
        };
        return HandOverCut(RecordEncoder.Encode(cut, LocalClock.Default), record.Level, cancellation);
    }

    /// <summary>Hands over the records of the item under way that were held back: something went wrong with it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while the listener was behind; the rest was not taken.</exception>
    public void HandOverHeld(CancellationToken cancellation = default)
    {
        foreach (var bytes in held.Detach())
        {
            var record = new ByteWriter(bytes.Length);
            record.WriteBytes(bytes);
            TryHandOver(record, LogLevel.Critical, out _, cancellation);
        }
    }

    /// <summary>Counts records that were not taken in time, and are not in the log: the listener, this one or the next, tells it so.</summary>
    /// <returns>False when the client has ended.</returns>
    public bool TryCountLost(long count) => channel.TryCountLost(count);

    /// <summary>Waits until every record handed over before is in the listener's files, or, where it is durable, on the disk itself.</summary>
    /// <returns>False when the listener ended first, or could not write.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the records are handed over all the same.</exception>
    public bool WaitUntilAcknowledged(CancellationToken cancellation)
    {
        // What is in a ring that the listener cannot take goes over the pipe, and so does the wait for it.
        for (var current = Journal; current is not null; current = AwaitExchange() as RingChannel)
        {
            var isWritten = current.WaitUntilAcknowledged(cancellation);
            if (isWritten || !current.IsAbandoned)
            {
                return isWritten;
            }
        }

        return AcknowledgedAsync(cancellation).GetAwaiter().GetResult();
    }

    /// <summary>Completes when every record handed over before is in the listener's files.</summary>
    /// <returns>False when the listener ended first, or could not write.</returns>
    public async Task<bool> AcknowledgedAsync(CancellationToken cancellation)
    {
        var (number, written) = acknowledgements.Add();
        if (!pipe.TryAppendFrame(FrameType.Flush, number))
        {
            acknowledgements.FailAll();
        }

        return await written.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends what there is, says goodbye and ends. Nothing is taken any more. With a journal nothing is left to be sent.</summary>
    /// <returns>How many records could not be sent in the time given.</returns>
    public async Task<long> CloseAsync(TimeSpan timeout)
    {
        Close();
        if (!IsConnected && Journal is not null)
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

    // The ring, which outlives connections; null where there is none.
    private RingChannel? Journal => channel as RingChannel;

    /// <returns>Why a record of this level is not taken; null when it may be.</returns>
    private WriteResult? RefusalOf(LogLevel level) =>
        state != ClientState.Open ? WriteResult.NoListener : level < minimumLevel ? WriteResult.Filtered : null;

    /// <returns>False when the record is longer than a record may be, or needs a file of its own and there is no room for that.</returns>
    private bool TryHandOver(ByteWriter record, LogLevel level, out WriteResult result, CancellationToken cancellation)
    {
        result = WriteResult.NoListener;
        if (record.Length > ProtocolLimits.MaxRecordLength)
        {
            return false;
        }

        try
        {
            for (var current = channel; ;)
            {
                result = current.Append(record, level, cancellation);
                if (result == WriteResult.Accepted)
                {
                    ProcessContext.HandedOver?.Invoke(record.Written);
                    return true;
                }

                // Completed while another takes its place: the record goes there.
                var last = current;
                current = result == WriteResult.NoListener ? AwaitExchange() : last;
                if (ReferenceEquals(current, last))
                {
                    return true;
                }
            }
        }
        catch (JournalException)
        {
            result = WriteResult.NoListener;
            return false;
        }
    }

    private WriteResult HandOverCut(ByteWriter record, LogLevel level, CancellationToken cancellation) =>
        TryHandOver(record, level, out var result, cancellation) && result == WriteResult.Accepted ? WriteResult.Truncated : result;

    // Before the record that has them written, each with the time of its own.
    private void HandOverHeld(LogLevel level, CancellationToken cancellation)
    {
        if (level >= Listener.FlushLevel && writtenLevel > minimumLevel)
        {
            HandOverHeld(cancellation);
        }
    }

    private IRecordChannel AwaitExchange()
    {
        lock (exchange)
        {
            return channel;
        }
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
            // The listener is gone; the next one finds the ring.
        }
    }

    private static string Cut(string message, ByteWriter encoded)
    {
        var keep = encoded.Length <= ProtocolLimits.MaxRecordLength ? KeepWithoutRoom : ProtocolLimits.MaxRecordLength / 4;
        return message.Length <= keep
            ? message
            : $"{message.AsSpan(0, keep)}… [cut: {message.Length - keep} of {message.Length} characters left out]";
    }

    private void GoBy(WantedLevels levels)
    {
        lock (stateGate)
        {
            writtenLevel = levels.Written;
            wantedLevel = levels.Taken;
            minimumLevel = state == ClientState.Open ? levels.Taken : LogLevel.Trace;
        }
    }

    /// <summary>Nothing is taken from now on; what there is is sent.</summary>
    private void Close()
    {
        Enter(ClientState.Closing);
        channel.Complete();
        pipe.Complete();
    }

    private void Enter(ClientState next)
    {
        lock (stateGate)
        {
            state = next > state ? next : state;
            minimumLevel = LogLevel.Trace;
        }
    }
}
