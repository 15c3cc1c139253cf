using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>What a listener tells a client. Never waits for one that does not read.</summary>
/// <param name="connection">The client's connection.</param>
/// <param name="cutOff">Cuts off a client that reads none of it; told why, once.</param>
internal sealed class ClientAnswers(PipeConnection connection, Action<string> cutOff)
{
    // Answers that wait to be read by a client. One that asks on and on and never reads must not fill the memory with them.
    private const int MaxUnread = 16 * 1024;

    private int unread;
    private int isCutOff;

    /// <summary>Whether everything before a flush of the client's is written.</summary>
    public void SendFlushed(long number, bool isWritten)
    {
        Span<byte> payload = stackalloc byte[FlushCodec.FlushedLength];
        FlushCodec.WriteFlushed(payload, number, isWritten);
        Send(FrameType.Flushed, payload);
    }

    /// <summary>To a writer that waits: its ring has room.</summary>
    public void SendRoom() => Send(FrameType.Room, []);

    /// <summary>To a thread that waits for its records to be written: there is an answer.</summary>
    public void SendAnswered() => Send(FrameType.Answered, []);

    /// <summary>Another lowest level is wanted.</summary>
    public void SendLevel(long number, WantedLevels wanted)
    {
        Span<byte> payload = stackalloc byte[LevelCodec.LevelLength];
        LevelCodec.WriteLevel(payload, number, wanted);
        Send(FrameType.Level, payload);
    }

    /// <summary>Up to where the log has the records of a spool.</summary>
    public void SendFeed(string key, long position)
    {
        var answer = new ByteWriter(256);
        FeedCodec.WriteTaken(answer, key, position);
        Send(answer.WrittenMemory);
    }

    /// <summary>Whether the client's ring is taken.</summary>
    public void SendJournal(string? fault)
    {
        var answer = new ByteWriter(256);
        GreetingCodec.WriteJournalAnswer(answer, fault);
        Send(answer.WrittenMemory);
    }

    public void Send(ReadOnlyMemory<byte> answer)
    {
        CountUnread();
        _ = FinishAsync(connection.SendAsync(answer, CancellationToken.None), isAnswer: true);
    }

    /// <summary>Asks the client to send what it has and to leave.</summary>
    public Task SendClosingAsync() => FinishAsync(connection.SendAsync(FrameType.Closing, [], CancellationToken.None), isAnswer: false);

    private void Send(FrameType type, ReadOnlySpan<byte> payload)
    {
        CountUnread();
        _ = FinishAsync(connection.SendAsync(type, payload, CancellationToken.None), isAnswer: true);
    }

    private async Task FinishAsync(ValueTask sending, bool isAnswer)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It did not wait for the answer, or has left already.
        }
        finally
        {
            Interlocked.Add(ref unread, isAnswer ? -1 : 0);
        }
    }

    private void CountUnread()
    {
        if (Interlocked.Increment(ref unread) >= MaxUnread && Interlocked.Exchange(ref isCutOff, 1) == 0)
        {
            cutOff($"it has left {MaxUnread} answers unread.");
        }
    }
}
