using System.Text;
using QueueLog.Client;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Client;

/// <summary>A listener that cannot see the client's ring, as in another mount namespace. It is played by hand.</summary>
public sealed class UnseenRingTests : IAsyncLifetime
{
    private const string Fault = "it is not there";
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();
    private readonly string address;
    private PipeAcceptor acceptor = null!;
    private PipeConnection connection = null!;

    public UnseenRingTests()
    {
        StateFolder.Ensure();
        address = PipeName.ToAddress(TestListener.NewName());
    }

    public ValueTask InitializeAsync()
    {
        acceptor = PipeAcceptor.Open(address);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        await acceptor.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_the_ring_holds_comes_over_the_pipe_and_then_what_is_written_from_then_on()
    {
        var client = await ConnectAsync();
        Write(client, 1, 20);
        await AnswerAsync(Fault);
        await Eventually.TrueAsync(() => client.JournalPath is null, "the client has left its ring");
        Write(client, 21, 40);
        var closing = client.CloseAsync(TestTimeout.Limit);
        Assert.Equal(Numbers(1, 40), await ReceiveAsync());
        await connection.DisposeAsync();
        Assert.Equal(0, await closing.WaitAsync(TestTimeout.Limit));
        Assert.Equal(0, client.Kept);
        Assert.Empty(folder.FilesIn());
    }

    [Fact]
    public async Task A_client_that_ends_before_it_was_told_waits_for_the_answer()
    {
        var client = await ConnectAsync(TestTimeout.Limit);
        Write(client, 1, 3);
        var closing = client.CloseAsync(TestTimeout.Limit);

        // Written, closed and waiting: nothing of it has been sent, not even a goodbye.
        await AnswerAsync(Fault);
        Assert.Equal(Numbers(1, 3), await ReceiveAsync());
        await connection.DisposeAsync();
        Assert.Equal(0, await closing.WaitAsync(TestTimeout.Limit));
        Assert.Empty(folder.FilesIn());
    }

    [Fact]
    public async Task A_client_whose_ring_is_taken_waits_for_nothing()
    {
        var client = await ConnectAsync(TestTimeout.Limit);
        Write(client, 1, 3);
        await AnswerAsync(fault: null);
        var closing = client.CloseAsync(TestTimeout.Limit);
        Assert.Empty(await ReceiveAsync());
        await closing.WaitAsync(TestTimeout.Limit);
        Assert.Equal(0, client.Kept);
        Assert.Single(Directory.EnumerateFiles(folder.Path, "*.ring"));
    }

    [Fact]
    public async Task A_writer_that_waits_for_room_goes_on_over_the_pipe()
    {
        var client = await ConnectAsync();
        var written = 0;
        var writing = Task.Run(() =>
        {
            for (var i = 1; i <= 1000; i++)
            {
                Assert.Equal(WriteResult.Accepted, Write(client, $"{i}"));
                Volatile.Write(ref written, i);
            }
        });

        // Full: a ring of this size holds some fifty of them.
        await Eventually.TrueAsync(() => Volatile.Read(ref written) > 20, "the ring fills");
        await AnswerAsync(Fault);
        var receiving = ReceiveAsync();
        await writing.WaitAsync(TestTimeout.Limit);
        var closing = client.CloseAsync(TestTimeout.Limit);
        Assert.Equal(Numbers(1, 1000), await receiving);
        await connection.DisposeAsync();
        Assert.Equal(0, await closing.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task Long_records_go_along()
    {
        var client = await ConnectAsync();
        var text = new string('x', RingLayout.SmallestCapacity);
        Write(client, "1");
        Write(client, text);
        Write(client, "3");
        await AnswerAsync(Fault);
        var closing = client.CloseAsync(TestTimeout.Limit);
        Assert.Equal([(1, "1"), (2, text), (3, "3")], await ReceiveAsync());
        await connection.DisposeAsync();
        await closing.WaitAsync(TestTimeout.Limit);
        Assert.Empty(folder.FilesIn());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_waits_for_the_file_is_answered_for_what_came_over_the_pipe(bool written)
    {
        var client = await ConnectAsync();
        Write(client, 1, 2);
        var waiting = Task.Run(() => client.WaitUntilAcknowledged(None));
        var flushing = client.AcknowledgedAsync(None);

        // The first flush stands before the records, and its answer is worth nothing.
        var flush = await NextAsync(FrameType.Flush);
        await AnswerAsync(Fault);
        await connection.SendAsync(FrameType.Flushed, [.. BitConverter.GetBytes(flush), 1], None);
        Assert.Equal(Numbers(1, 2), await ReceiveAsync(answer: written, until: () => waiting.IsCompleted && flushing.IsCompleted));
        Assert.Equal(written, await waiting.WaitAsync(TestTimeout.Limit));
        Assert.Equal(written, await flushing.WaitAsync(TestTimeout.Limit));
        await connection.DisposeAsync();
        await client.CloseAsync(TimeSpan.Zero).WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task What_was_lost_is_told()
    {
        var client = await ConnectAsync();
        Write(client, "1");
        Assert.True(client.TryCountLost(5));
        await AnswerAsync(Fault);
        Assert.Equal(5, await NextAsync(FrameType.Lost));
        Assert.True(client.TryCountLost(2));
        Assert.Equal(2, await NextAsync(FrameType.Lost));
        var closing = client.CloseAsync(TestTimeout.Limit);
        await ReceiveAsync();
        await connection.DisposeAsync();
        await closing.WaitAsync(TestTimeout.Limit);
        Assert.Equal(0, client.LostUnreported);
    }

    [Fact]
    public async Task The_next_listener_is_told_that_there_is_no_journal_and_gets_what_was_not_sent()
    {
        var client = await ConnectAsync();
        Write(client, 1, 3);
        await AnswerAsync(Fault);
        await Eventually.TrueAsync(() => client.JournalPath is null, "the client has left its ring");
        Assert.Equal(Numbers(1, 3), await ReceiveAsync(count: 3));
        await connection.DisposeAsync();
        await AcceptAsync();
        var (path, fault) = GreetingCodec.ReadJournal((await connection.ReadAsync(None).AsTask().WaitAsync(TestTimeout.Limit))!.Value);
        Assert.Equal((null, Fault), (path, fault));
        Write(client, "4");
        var closing = client.CloseAsync(TestTimeout.Limit);
        Assert.Equal([(4, "4")], await ReceiveAsync());
        await connection.DisposeAsync();
        Assert.Equal(0, await closing.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task Without_a_listener_the_ring_is_there_again_for_one_that_sees_it()
    {
        // As if the connection broke before anything was sent.
        var ring = RingWriter.Create(folder.Path, new RingOwner(ListenerGreeting.OwnIdentity, ProcessStart.Own, EndsUnasked: false), RingLayout.SmallestCapacity);
        var pipe = new RingChannel(ring, new JournalOffer(folder.Path, RingLayout.SmallestCapacity, OverflowMode.Block, LogLevel.Trace), TestTimeout.Limit, () => { });
        for (var i = 1; i <= 40; i++)
        {
            Assert.Equal(WriteResult.Accepted, Append($"{i}"));
        }

        Assert.True(pipe.TryCountLost(3));
        var backlog = new RingBacklog(pipe);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.ring"));
        Assert.Equal(3, backlog.Lost);
        Assert.Equal((WriteResult.NoListener, false), (Append("late"), pipe.TryCountLost(1)));
        Assert.True(backlog.TryRead(out _));
        backlog.Rewind();
        Assert.True(backlog.TryLeave(out var count));
        Assert.Equal(40, count);
        using var reader = RingReader.Open(Assert.Single(Directory.EnumerateFiles(folder.Path, "*.ring")));
        Assert.Equal((3, 0), (reader.Lost, reader.LostReported));
        Assert.True(reader.TryRead(out var first));
        Assert.Equal((1, "1"), Encoded.Read(first));

        WriteResult Append(string message)
        {
            var record = new ByteWriter();
            record.WriteBytes(Encoded.Record(message));
            return pipe.Append(record, LogLevel.Information, None);
        }
    }

    [Fact]
    public async Task A_ring_that_cannot_be_read_is_counted_as_lost()
    {
        var client = await ConnectAsync();
        Write(client, 1, 4);
        TestRing.Poke(client.JournalPath!, RingLayout.MagicAt, BitConverter.GetBytes(0L));
        await AnswerAsync(Fault);
        Assert.Equal(4, await NextAsync(FrameType.Lost));
        Write(client, "5");
        var closing = client.CloseAsync(TestTimeout.Limit);
        Assert.Equal([(5, "5")], await ReceiveAsync());
        await connection.DisposeAsync();
        await closing.WaitAsync(TestTimeout.Limit);
        Assert.Empty(folder.FilesIn());
    }

    private static WriteResult Write(LogClient client, string message) => client.Write(new RecordDraft { Level = LogLevel.Information, Message = message });

    private static void Write(LogClient client, int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            Assert.Equal(WriteResult.Accepted, Write(client, $"{i}"));
        }
    }

    private static (long Sequence, string Message)[] Numbers(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(i => ((long)i, $"{i}"))];

    private async Task<LogClient> ConnectAsync(TimeSpan? closeTimeout = null)
    {
        var connecting = LogClient.ConnectAsync(address, new ClientOptions { ReconnectTimeout = TestTimeout.Limit, CloseTimeout = closeTimeout ?? TimeSpan.FromSeconds(5) }, None);
        await AcceptAsync();
        var client = await connecting.WaitAsync(TestTimeout.Limit);
        var (path, _) = GreetingCodec.ReadJournal((await connection.ReadAsync(None).AsTask().WaitAsync(TestTimeout.Limit))!.Value);
        Assert.Equal(client.JournalPath, path);
        return client;
    }

    private async Task AcceptAsync()
    {
        (connection, _) = await GreetedConnection.AcceptAsync(acceptor);
        connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
        var welcome = new ByteWriter();
        GreetingCodec.WriteWelcome(welcome, new ListenerIdentity(1, "p", "n", "/run.log", LogLevel.Trace, new JournalOffer(folder.Path, RingLayout.SmallestCapacity, OverflowMode.Block, LogLevel.Trace)));
        await connection.SendAsync(welcome.WrittenMemory, None);
    }

    private async Task AnswerAsync(string? fault)
    {
        var answer = new ByteWriter();
        GreetingCodec.WriteJournalAnswer(answer, fault);
        await connection.SendAsync(answer.WrittenMemory, None);
    }

    // The number that the next frame of a kind carries; others before it are passed.
    private async Task<long> NextAsync(FrameType type)
    {
        while (true)
        {
            var frame = await connection.ReadAsync(None).AsTask().WaitAsync(TestTimeout.Limit);
            if (frame!.Value.Type == type)
            {
                return BitConverter.ToInt64(frame.Value.Payload.Span);
            }
        }
    }

    /// <summary>Takes records until the goodbye, a count of them, or a state; flushes are answered.</summary>
    private async Task<List<(long Sequence, string Message)>> ReceiveAsync(int count = int.MaxValue, bool answer = true, Func<bool>? until = null)
    {
        var records = new List<(long, string)>();
        while (records.Count < count)
        {
            var reading = connection.ReadAsync(None).AsTask();
            if (until is not null)
            {
                await Eventually.TrueAsync(() => reading.IsCompleted || until(), "a frame, or what is waited for");
                if (!reading.IsCompleted)
                {
                    break;
                }
            }

            var frame = (await reading.WaitAsync(TestTimeout.Limit))!.Value;
            if (frame.Type == FrameType.Goodbye)
            {
                break;
            }

            if (frame.Type == FrameType.Flush)
            {
                await connection.SendAsync(FrameType.Flushed, [.. frame.Payload.ToArray(), answer ? (byte)1 : (byte)0], None);
            }

            if (frame.Type == FrameType.Records)
            {
                Take(frame.Payload.Span, records);
            }
        }

        return records;
    }

    private static void Take(ReadOnlySpan<byte> batch, List<(long Sequence, string Message)> records)
    {
        while (RecordCodec.TryRead(ref batch, Encoded.Sender, out var view))
        {
            records.Add((view.Sequence, Encoding.UTF8.GetString(view.Message)));
        }
    }
}
