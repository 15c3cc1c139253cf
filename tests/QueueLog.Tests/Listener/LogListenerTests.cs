using System.Net.Sockets;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Tests.Support;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener;

public sealed class LogListenerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Everything_handed_over_before_a_stop_is_written_in_order()
    {
        var sink = new CollectingSink();
        var listener = Start(sink);
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LogClient.ConnectAsync(listener.Address, new ClientOptions(), None)));
        Parallel.For(0, clients.Length, index =>
        {
            for (var i = 0; i < 5000; i++)
            {
                Assert.Equal(WriteResult.Accepted, clients[index].Write(new RecordDraft { Level = LogLevel.Information, Message = $"{index}:{i}" }));
            }
        });

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);

        for (var index = 0; index < clients.Length; index++)
        {
            var prefix = $"{index}:";
            Assert.Equal(Enumerable.Range(0, 5000).Select(i => prefix + i), sink.Messages.Where(message => message.StartsWith(prefix, StringComparison.Ordinal)));
        }

        Assert.Equal(20_000, listener.Received);
        Assert.Equal(20_000, listener.Written);
        Assert.Equal(0, listener.Lost);
        Assert.Equal(4, listener.Clients.Count);
        Assert.All(listener.Clients, client => Assert.False(client.IsConnected));
        Assert.Empty(listener.Failures);
        Assert.Equal(WriteResult.NoListener, clients[0].Write(new RecordDraft { Level = LogLevel.Information, Message = "late" }));
    }

    [Fact]
    public async Task Stopping_twice_is_one_stop()
    {
        var listener = Start(new CollectingSink());
        var first = listener.StopAsync(TestTimeout.Limit);
        Assert.Same(first, listener.StopAsync(TestTimeout.Limit));
        await first.WaitAsync(TestTimeout.Limit);
        Assert.Equal(ListenerState.Stopped, listener.State);
    }

    [Fact]
    public async Task A_flush_returns_when_the_records_before_it_are_written()
    {
        var sink = new CollectingSink();
        await using var listener = Start(sink);
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        for (var i = 1; i <= 50; i++)
        {
            client.Write(new RecordDraft { Level = LogLevel.Information, Message = $"{i}" });
            Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
            Assert.Equal(i, sink.FlushedMessages);
        }
    }

    [Fact]
    public async Task Records_below_the_listeners_level_stay_at_the_client()
    {
        var sink = new CollectingSink();
        var listener = Start(sink, LogLevel.Warning);
        var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        Assert.Equal(WriteResult.Filtered, client.Write(new RecordDraft { Level = LogLevel.Information, Message = "no" }));
        Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Warning, Message = "yes" }));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["yes"], sink.Messages);
    }

    [Fact]
    public async Task A_second_listener_on_the_same_name_is_refused_and_the_first_goes_on()
    {
        var sink = new CollectingSink();
        var listener = Start(sink);
        Assert.Throws<PipeInUseException>(() => Start(new CollectingSink(), address: listener.Address));
        var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "still here" });
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["still here"], sink.Messages);
    }

    [Fact]
    public async Task A_socket_file_left_by_a_crash_is_taken_over()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var address = NewAddress();
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(address));
            dead.Listen();
        }

        if (!File.Exists(address))
        {
            // Closing a socket may unlink it; a crash does not.
            await File.WriteAllTextAsync(address, "");
        }

        var sink = new CollectingSink();
        var listener = Start(sink, address: address);
        var client = await LogClient.ConnectAsync(address, new ClientOptions(), None);
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "taken over" });
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["taken over"], sink.Messages);
    }

    [Fact]
    public async Task Socket_files_of_the_dead_are_removed_and_those_of_the_living_stay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe of Windows leaves no file.");
        var dead = NewAddress();
        await File.WriteAllTextAsync(dead, "");
        await File.WriteAllTextAsync(dead + ".progress", "");
        var orphan = NewAddress() + ".progress";
        await File.WriteAllTextAsync(orphan, "");
        await using var living = PipeAcceptor.Open(NewAddress());
        await using var newcomer = PipeAcceptor.Open(NewAddress());
        Assert.False(File.Exists(dead));
        Assert.False(File.Exists(dead + ".progress"));
        Assert.False(File.Exists(orphan));
        Assert.True(PipeConnector.IsAnswering(living.Address));
    }

    [Fact]
    public async Task Of_many_that_find_the_same_stale_socket_file_exactly_one_gets_the_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe of Windows leaves no file.");
        for (var round = 0; round < 20; round++)
        {
            var address = NewAddress();
            await File.WriteAllTextAsync(address, "");
            var contenders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                try
                {
                    return PipeAcceptor.Open(address);
                }
                catch (PipeInUseException)
                {
                    return null;
                }
            })));
            var winner = Assert.Single(contenders, contender => contender is not null)!;
            Assert.True(File.Exists(address));
            await winner.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0001\u0000\u0000\u0000\u0001")]
    [InlineData("")]
    public async Task Garbage_on_the_pipe_is_cut_off_and_reported_and_others_go_on(string garbage)
    {
        var sink = new CollectingSink();
        var listener = Start(sink);
        var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "before" });
        await using (var rogue = await PipeConnector.ConnectAsync(listener.Address, TestTimeout.Limit, None))
        {
            await rogue.SendAsync(System.Text.Encoding.Latin1.GetBytes(garbage), None);
            if (garbage.Length > 0)
            {
                Assert.Null(await ReadToEndAsync(rogue));
            }
        }

        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "after" });
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["before", "after"], sink.Messages);
        Assert.Equal(garbage.Length > 0 ? 1 : 0, listener.Failures.Count);
    }

    [Fact]
    public async Task A_client_that_connects_and_says_nothing_does_not_delay_a_stop()
    {
        var listener = Start(new CollectingSink());
        await using var silent = await PipeConnector.ConnectAsync(listener.Address, TestTimeout.Limit, None);
        await listener.StopAsync(TimeSpan.FromMinutes(5)).WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_client_that_does_not_finish_is_cut_off_after_the_timeout_and_reported()
    {
        var listener = Start(new CollectingSink());
        var (connection, _) = await ListenerGreeting.ExchangeAsync(listener.Address, TestTimeout.Limit, onConnected: null, None);
        await using (connection)
        {
            await listener.StopAsync(TimeSpan.FromMilliseconds(50)).WaitAsync(TestTimeout.Limit);
        }

        Assert.Contains("Cut off", Assert.Single(listener.Failures).Message);
    }

    [Fact]
    public async Task A_client_joins_the_next_listener_on_its_address_and_keeps_what_it_holds()
    {
        var address = NewAddress();
        var first = new CollectingSink();
        var listener = await StartAndCrashAsync(first, address, out var client);
        Assert.Equal(["one"], first.Messages);

        var second = new CollectingSink();
        var next = Start(second, address: address);
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "two" });
        Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
        await next.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["two"], second.Messages);
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task A_message_of_16_MiB_arrives_whole()
    {
        var sink = new CollectingSink();
        var listener = Start(sink);
        var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        var message = new string('ä', 16 * 1024 * 1024);
        Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Information, Message = message }));
        Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Information, Message = "next" }));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal([message, "next"], sink.Messages);
    }

    [Fact]
    public async Task A_message_longer_than_a_record_can_be_is_cut_and_says_so()
    {
        var sink = new CollectingSink();
        var listener = Start(sink);
        var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        Assert.Equal(WriteResult.Truncated, client.Write(new RecordDraft { Level = LogLevel.Information, Message = new string('x', 70 * 1024 * 1024) }));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.EndsWith("characters left out]", Assert.Single(sink.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_disk_is_full_nothing_counts_as_written_and_afterwards_everything_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The error code of a full disk is that of Unix here.");
        var sink = new FullDiskSink();
        var listener = Start(sink);
        var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "one" });
        var flushed = client.AcknowledgedAsync(None);
        await sink.Refused.WaitAsync(TestTimeout.Limit);
        Assert.False(flushed.IsCompleted);
        Assert.Equal(0, listener.Written);
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "two" });

        sink.MakeRoom();
        Assert.True(await flushed.WaitAsync(TestTimeout.Limit));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["one", "two"], sink.Messages);
        Assert.Equal(2, listener.Written);
        Assert.Single(listener.Failures);
    }

    [Fact]
    public async Task A_disk_that_stays_full_does_not_hang_a_stop()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The error code of a full disk is that of Unix here.");
        var sink = new FullDiskSink();
        var listener = Start(sink);
        var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "one" });
        await sink.Refused.WaitAsync(TestTimeout.Limit);
        await listener.StopAsync(TimeSpan.FromMilliseconds(300)).WaitAsync(TestTimeout.Limit);
        Assert.Equal(0, listener.Written);
        Assert.NotEmpty(listener.Failures);
    }

    [Fact]
    public async Task A_sink_that_cannot_write_makes_a_flush_say_so()
    {
        await using var listener = Start(new ThrowingSink { OnFlush = new IOException("broken") });
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "one" });
        Assert.False(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
    }

    private static async Task<string?> ReadToEndAsync(PipeConnection connection)
    {
        try
        {
            return await connection.ReadAsync(None).AsTask().WaitAsync(TestTimeout.Limit) is { } frame ? frame.Type.ToString() : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Task<IAsyncDisposable> StartAndCrashAsync(CollectingSink sink, string address, out LogClient client)
    {
        // A listener that dies: its connections break without a Closing. Here the acceptor is played by hand.
        var acceptor = PipeAcceptor.Open(address);
        var served = Task.Run(async () =>
        {
            var (connection, client) = await GreetedConnection.AcceptAsync(acceptor);
            connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
            var welcome = new ByteWriter();
            GreetingCodec.WriteWelcome(welcome, new(1, "p", "n", null, LogLevel.Trace, null));
            await connection.SendAsync(welcome.WrittenMemory, None);
            TakeBatch(sink, client, (await connection.ReadAsync(None))!.Value.Payload.Span);
            await connection.DisposeAsync();
            await acceptor.DisposeAsync();
            return (IAsyncDisposable)connection;
        });
        client = LogClient.ConnectAsync(address, new ClientOptions(), None).GetAwaiter().GetResult();
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "one" });
        return served;
    }

    private static void TakeBatch(CollectingSink sink, ClientIdentity client, ReadOnlySpan<byte> records)
    {
        while (RecordCodec.TryRead(ref records, client, out var record))
        {
            sink.Write(in record);
        }
    }

    private static LogListener Start(IRecordSink sink, LogLevel minimum = LogLevel.Trace, string? address = null)
    {
        var failures = new FailureLog();
        var parts = new ListenerParts { Name = "test", Sinks = [new SinkGuard(sink, "test", minimum, failures)] };
        return LogListener.Start(PipeAcceptor.Open(address ?? NewAddress()), new ListenerOptions { MinimumLevel = minimum }, parts, failures);
    }

    private static string NewAddress()
    {
        StateFolder.Ensure();
        return PipeName.ToAddress($"test-{Guid.NewGuid():N}");
    }
}
