using QueueLog.Client;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Client;

/// <summary>A listener that offers a journal and dies. It is played by hand, so that nobody ever empties the ring.</summary>
public sealed class DeadListenerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Writers_go_on_into_the_ring_and_are_told_when_it_is_full_and_no_one_came()
    {
        var client = await ConnectAndLoseAsync(TimeSpan.FromMilliseconds(300));
        var taken = 0;
        var results = await Task.Run(() =>
        {
            WriteResult result;
            while ((result = Write(client, $"{taken}")) == WriteResult.Accepted)
            {
                taken++;
            }

            return (result, Write(client, "again"));
        }).WaitAsync(TestTimeout.Limit);

        Assert.Equal((WriteResult.NoListener, WriteResult.NoListener), results);
        Assert.InRange(taken, 50, 200);
        await client.DisposeAsync().AsTask().WaitAsync(TestTimeout.Limit);
        Assert.Equal(taken, client.Kept);
        Assert.Equal(Enumerable.Range(0, taken).Select(i => $"{i}"), Ring());
    }

    [Fact]
    public async Task A_flush_fails_when_no_one_came()
    {
        var client = await ConnectAndLoseAsync(TimeSpan.FromMilliseconds(200));
        Assert.Equal(WriteResult.Accepted, Write(client, "one"));
        Assert.False(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));

        // Also one that comes later: the client still looks for a listener, but this caller has waited long enough.
        Assert.False(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
        Assert.Equal(WriteResult.Accepted, Write(client, "two"));
        await client.DisposeAsync().AsTask().WaitAsync(TestTimeout.Limit);
        Assert.Equal(2, client.Kept);
        Assert.Equal(["one", "two"], Ring());
    }

    [Fact]
    public async Task A_flush_can_be_cancelled()
    {
        var client = await ConnectAndLoseAsync(TimeSpan.FromMinutes(5));
        using var cancel = new CancellationTokenSource();
        var flush = client.AcknowledgedAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush.WaitAsync(TestTimeout.Limit));
        await client.CloseAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_client_that_ends_without_a_listener_leaves_no_empty_ring()
    {
        var client = await ConnectAndLoseAsync(TimeSpan.FromMinutes(5));
        await client.CloseAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(0, client.Kept);
        Assert.Empty(folder.FilesIn());
        Assert.Equal(WriteResult.NoListener, Write(client, "late"));
        Assert.False(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task A_ring_that_says_what_was_lost_stays_though_it_holds_nothing()
    {
        var client = await ConnectAndLoseAsync(TimeSpan.FromMinutes(5));
        Assert.True(client.TryCountLost(2));
        await client.CloseAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.False(client.TryCountLost(1));
        using var ring = RingReader.Open(Assert.Single(Directory.EnumerateFiles(folder.Path, "*.ring")));
        Assert.Equal((2, 0), (ring.Lost, ring.LostReported));
    }

    [Fact]
    public async Task A_listener_that_is_slow_to_greet_is_not_taken_for_none()
    {
        var timeout = TimeSpan.FromMilliseconds(300);
        StateFolder.Ensure();
        var address = PipeName.ToAddress(TestListener.NewName());
        var (client, acceptor) = await ConnectAsync(address, timeout);
        await using var scope = acceptor;
        var taken = 0;
        var writing = Task.Run(() =>
        {
            WriteResult result;
            while ((result = Write(client, $"{taken}")) == WriteResult.Accepted && taken < 1000)
            {
                taken++;
            }

            return result;
        });

        // The connection is lost and found again; the greeting takes longer than a writer waits where there is no listener.
        var (connection, _) = await GreetedConnection.AcceptAsync(acceptor);
        await using var open = connection;
        await Task.Delay(timeout * 3, None);
        Assert.False(writing.IsCompleted);
        await connection.SendAsync(Welcome(), None);
        Assert.Equal(FrameType.Journal, (await connection.ReadAsync(None).AsTask().WaitAsync(TestTimeout.Limit))!.Value.Type);
        using (var ring = RingReader.Open(client.JournalPath!))
        {
            while (!writing.IsCompleted)
            {
                var sequence = ring.HeadSequence;
                while (ring.TryRead(out _))
                {
                    sequence++;
                }

                ring.Commit(ring.Position, sequence);
                await Task.Yield();
            }
        }

        Assert.Equal(WriteResult.Accepted, await writing.WaitAsync(TestTimeout.Limit));
        Assert.Equal(1000, taken);
        await connection.DisposeAsync();
        await client.CloseAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_writer_that_waits_is_let_go_when_the_client_is_closed()
    {
        var client = await ConnectAndLoseAsync(TimeSpan.FromMinutes(5));
        var taken = 0;
        var writing = Task.Run(() =>
        {
            while (Write(client, $"{taken}") == WriteResult.Accepted)
            {
                Interlocked.Increment(ref taken);
            }
        });
        await Eventually.TrueAsync(() => Volatile.Read(ref taken) > 50, "the writer is under way");
        await client.CloseAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        await writing.WaitAsync(TestTimeout.Limit);
        Assert.Equal(taken, client.Kept);
    }

    private static WriteResult Write(LogClient client, string message) => client.Write(new RecordDraft { Level = LogLevel.Information, Message = message });

    private List<string> Ring()
    {
        using var reader = RingReader.Open(Assert.Single(Directory.EnumerateFiles(folder.Path, "*.ring")));
        var messages = new List<string>();
        while (reader.TryRead(out var record))
        {
            messages.Add(Encoded.MessageOf(record));
        }

        return messages;
    }

    private async Task<LogClient> ConnectAndLoseAsync(TimeSpan timeout)
    {
        StateFolder.Ensure();
        var (client, acceptor) = await ConnectAsync(PipeName.ToAddress(TestListener.NewName()), timeout);
        await acceptor.DisposeAsync();
        await Eventually.TrueAsync(() => !client.IsConnected, "the client has seen the end of its connection");
        return client;
    }

    private byte[] Welcome()
    {
        var welcome = new ByteWriter();
        GreetingCodec.WriteWelcome(welcome, new ListenerIdentity(1, "p", "n", "/run.log", LogLevel.Trace, new JournalOffer(folder.Path, RingLayout.SmallestCapacity, OverflowMode.Block, LogLevel.Trace)));
        return welcome.Written.ToArray();
    }

    // The connection is lost, the name is not.
    private async Task<(LogClient Client, PipeAcceptor Acceptor)> ConnectAsync(string address, TimeSpan timeout)
    {
        var acceptor = PipeAcceptor.Open(address);
        var connecting = LogClient.ConnectAsync(address, new ClientOptions { ReconnectTimeout = timeout }, None);
        var (connection, _) = await GreetedConnection.AcceptAsync(acceptor);
        await connection.SendAsync(Welcome(), None);
        var client = await connecting.WaitAsync(TestTimeout.Limit);
        Assert.Equal(FrameType.Journal, (await connection.ReadAsync(None).AsTask().WaitAsync(TestTimeout.Limit))!.Value.Type);
        await connection.DisposeAsync();
        return (client, acceptor);
    }
}
