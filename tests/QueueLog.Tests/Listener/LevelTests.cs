using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener;

/// <summary>Levels that change while the listener runs, at its sinks and at the clients.</summary>
public sealed class LevelTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_change_holds_at_the_writers_when_it_has_completed()
    {
        await using (var listener = await StartAsync(LogLevel.Information))
        {
            await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
            Assert.Equal(WriteResult.Filtered, Write(client, LogLevel.Debug, "too low"));
            await ChangeAsync(listener, LogLevel.Debug);
            Assert.Equal(WriteResult.Accepted, Write(client, LogLevel.Debug, "wanted"));
            await ChangeAsync(listener, LogLevel.Error);
            Assert.Equal(WriteResult.Filtered, Write(client, LogLevel.Warning, "too low again"));
            Assert.Equal(WriteResult.Accepted, Write(client, LogLevel.Error, "high"));
            Assert.Equal(LogLevel.Error, listener.MinimumLevel);
        }

        Assert.Equal(["wanted", "high"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task What_was_handed_over_before_a_higher_level_is_written_whole()
    {
        using var gate = new GateSink();
        await using (var listener = TestListener.Start(folder.Combine("run.log"), options => options, gate))
        {
            // Rings have their turns in the order they came: while the listener is at the second, the first waits for the next round.
            await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
            Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
            await using var other = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
            Write(other, LogLevel.Trace, "before");
            await gate.Reached.WaitAsync(TestTimeout.Limit);
            Write(client, LogLevel.Trace, "on its way");
            var changing = ChangeAsync(listener, LogLevel.Error);
            await Eventually.TrueAsync(() => client.MinimumLevel == LogLevel.Error, "the client has heard of the change, whatever the listener is at");
            Assert.Equal(WriteResult.Filtered, Write(client, LogLevel.Trace, "behind"));
            Assert.False(changing.IsCompleted);
            gate.Open();
            await changing;
        }

        Assert.Equal(["before", "on its way"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_client_is_told_of_a_change_that_comes_while_it_is_being_welcomed_and_is_waited_for()
    {
        var failures = new FailureLog();
        var options = new ListenerOptions();
        var levels = new ListenerLevels(options, new ListenerParts { Name = "test", Sinks = [new SinkGuard(new CollectingSink(), "s", LogLevel.Information, failures)] });
        var stream = new MemoryStream();
        await using var session = new ListenerSession(new PipeConnection(stream), new ListenerIdentity(1, "p", "n", null, LogLevel.Trace, null), levels, new SessionEvents(1, new ClientTable(), [], () => { }), failures);
        await levels.WelcomeAsync(session, wanted =>
        {
            Assert.Equal(new WantedLevels(LogLevel.Information, LogLevel.Information), wanted);
            return ValueTask.CompletedTask;
        });
        var changing = levels.Set(options with { MinimumLevel = LogLevel.Error });
        Assert.False(changing.IsCompleted);
        levels.Acknowledge(session, 1);
        Assert.True(changing.IsCompleted);
        Assert.Equal(Encoded.Frame(FrameType.Level, [.. BitConverter.GetBytes(1L), (byte)LogLevel.Error]), stream.ToArray());
    }

    [Fact]
    public async Task A_client_that_knows_no_levels_is_waited_for_and_then_filtered_by_the_listener()
    {
        await using (var listener = await StartAsync(LogLevel.Trace))
        {
            await using var client = await RawClient.GreetAsync(listener.Address);
            await client.SendAsync(Encoded.Batch(Encoded.Record("before", 1, LogLevel.Debug)));
            Assert.True(await client.FlushAsync(1));
            await listener.ChangeAsync(options => options with { MinimumLevel = LogLevel.Warning }, TimeSpan.FromMilliseconds(1)).WaitAsync(TestTimeout.Limit);
            await client.SendAsync(Encoded.Batch(Encoded.Record("behind", 2, LogLevel.Debug), Encoded.Record("high", 3, LogLevel.Warning)));
            Assert.True(await client.FlushAsync(2));
            await client.SendAsync(Encoded.Frame(FrameType.Goodbye, BitConverter.GetBytes(3L)));
        }

        Assert.Equal(["before", "high"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_client_says_that_it_goes_by_a_level_and_is_not_waited_for_when_it_leaves()
    {
        await using var listener = await StartAsync(LogLevel.Information);
        var never = TimeSpan.FromHours(1);
        await using (var silent = await RawClient.GreetAsync(listener.Address))
        {
            var waiting = listener.ChangeAsync(options => options with { MinimumLevel = LogLevel.Debug }, never);
            await using var willing = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
            Assert.Equal(LogLevel.Debug, willing.MinimumLevel);
            Assert.False(waiting.IsCompleted);
            await silent.SendAsync(Encoded.Frame(FrameType.LevelTaken, BitConverter.GetBytes(1L)));
            await waiting.WaitAsync(TestTimeout.Limit);
        }

        await using var leaving = await RawClient.GreetAsync(listener.Address);
        var left = listener.ChangeAsync(options => options with { MinimumLevel = LogLevel.Error }, never);
        await leaving.DisposeAsync();
        await left.WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task However_quickly_levels_change_the_last_one_holds_for_all()
    {
        await using var listener = await StartAsync(LogLevel.Information);
        var clients = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => LogClient.ConnectAsync(listener.Address, new ClientOptions(), None)));
        foreach (var last in new[] { LogLevel.Warning, LogLevel.Debug })
        {
            var changes = Enumerable.Range(0, 200).Select(i => listener.ChangeAsync(options => options with { MinimumLevel = (LogLevel)(i % 6) }, TestTimeout.Limit)).ToList();
            changes.Add(listener.ChangeAsync(options => options with { MinimumLevel = last }, TestTimeout.Limit));
            await Task.WhenAll(changes).WaitAsync(TestTimeout.Limit);
            Assert.All(clients, client => Assert.Equal(last, client.MinimumLevel));
        }

        Assert.Equal(WriteResult.Accepted, Write(clients[0], LogLevel.Debug, "still heard"));
        Assert.True(await clients[0].AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
        Assert.Equal("still heard\n", folder.Read("run.log"));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task The_console_follows_the_listener_until_it_is_given_a_level_of_its_own()
    {
        await using var following = await StartAsync(LogLevel.Information, console: true);
        Assert.Equal(LogLevel.Information, following.ConsoleMinimumLevel);
        await ChangeAsync(following, LogLevel.Error);
        Assert.Equal(LogLevel.Error, following.ConsoleMinimumLevel);
        await following.ChangeAsync(options => options with { ConsoleMinimumLevel = LogLevel.Warning }, TestTimeout.Limit);
        Assert.Equal((LogLevel.Error, LogLevel.Warning), (following.MinimumLevel, following.ConsoleMinimumLevel));

        // Both are wanted of the clients: the lower one counts.
        await using var client = await LogClient.ConnectAsync(following.Address, new ClientOptions(), None);
        Assert.Equal(LogLevel.Warning, client.MinimumLevel);
        await ChangeAsync(following, LogLevel.Debug);
        Assert.Equal((LogLevel.Warning, LogLevel.Debug), (following.ConsoleMinimumLevel, client.MinimumLevel));
    }

    [Fact]
    public async Task A_console_started_with_a_level_keeps_it_and_a_listener_without_one_has_none()
    {
        await using var listener = await StartAsync(LogLevel.Information, console: true, LogLevel.Critical);
        await ChangeAsync(listener, LogLevel.Debug);
        Assert.Equal(LogLevel.Critical, listener.ConsoleMinimumLevel);

        await using var without = await StartAsync(LogLevel.Information, name: "without.log");
        Assert.Null(without.ConsoleMinimumLevel);
    }

    [Fact]
    public async Task A_client_that_lost_its_listener_goes_by_the_level_of_the_next()
    {
        StateFolder.Ensure();
        var address = PipeName.ToAddress(TestListener.NewName());
        await using var acceptor = PipeAcceptor.Open(address);
        var connecting = LogClient.ConnectAsync(address, new ClientOptions { CloseTimeout = TimeSpan.Zero }, None);
        var first = await WelcomeAsync(acceptor, LogLevel.Warning);
        var client = await connecting.WaitAsync(TestTimeout.Limit);
        await first.SendAsync(Encoded.Frame(FrameType.Level, [.. BitConverter.GetBytes(7L), (byte)LogLevel.Critical]), None);
        var answer = (await first.ReadAsync(None).AsTask().WaitAsync(TestTimeout.Limit))!.Value;
        Assert.Equal((FrameType.LevelTaken, 7L), (answer.Type, LevelCodec.ReadTaken(answer)));
        Assert.Equal(LogLevel.Critical, client.MinimumLevel);

        await first.DisposeAsync();
        await using var second = await WelcomeAsync(acceptor, LogLevel.Debug);
        await Eventually.TrueAsync(() => client.MinimumLevel == LogLevel.Debug, "the client goes by the new listener's level");
        await client.CloseAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(LogLevel.Trace, client.MinimumLevel);
    }

    [Fact]
    public async Task A_level_that_does_not_exist_ends_the_connection()
    {
        StateFolder.Ensure();
        var address = PipeName.ToAddress(TestListener.NewName());
        await using var acceptor = PipeAcceptor.Open(address);
        var connecting = LogClient.ConnectAsync(address, new ClientOptions { CloseTimeout = TimeSpan.Zero }, None);
        await using var connection = await WelcomeAsync(acceptor, LogLevel.Warning);
        await using var client = await connecting.WaitAsync(TestTimeout.Limit);
        await connection.SendAsync(Encoded.Frame(FrameType.Level, [.. BitConverter.GetBytes(1L), 6]), None);
        await using var again = await WelcomeAsync(acceptor, LogLevel.Warning);
        Assert.Equal(LogLevel.Warning, client.MinimumLevel);
    }

    [Fact]
    public async Task A_logger_asks_a_new_listener_of_the_same_name_whatever_the_old_one_wanted()
    {
        var name = TestListener.NewName();
        var logger = new QueueLogger(null, PipeName.ToAddress(name));
        await using (await StartAsync(LogLevel.Error, listener: name))
        {
            logger.Error("first");
            logger.Info("not wanted");
            Assert.False(logger.IsEnabled(LogLevel.Warning));
        }

        await using (await StartAsync(LogLevel.Information, listener: name))
        {
            ClientRegistry.Forget(PipeName.ToAddress(name));
            logger.Info("second");
            Assert.True(logger.IsEnabled(LogLevel.Information));
            Assert.False(logger.IsEnabled(LogLevel.Debug));
        }

        Assert.Equal(["first", "second"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task What_no_one_wants_is_not_even_made_text()
    {
        await using var listener = await StartAsync(LogLevel.Error);
        var logger = new QueueLogger(null, listener.Address);
        logger.Error("connected");
        logger.Warning("{Value}", new Untouchable());
        logger.Log(LogLevel.Debug, "{Value}", new Untouchable());
        object?[] arguments = [1];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            logger.Debug("too low");
            logger.Warning("{Value}", arguments);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static async Task<PipeConnection> WelcomeAsync(PipeAcceptor acceptor, LogLevel level)
    {
        var (connection, _) = await GreetedConnection.AcceptAsync(acceptor);
        var welcome = new ByteWriter();
        GreetingCodec.WriteWelcome(welcome, new ListenerIdentity(1, "p", "n", null, level, null));
        await connection.SendAsync(welcome.WrittenMemory, None);
        return connection;
    }

    private static WriteResult Write(LogClient client, LogLevel level, string message) => client.Write(new RecordDraft { Level = level, Message = message });

    private static Task ChangeAsync(LogListener listener, LogLevel level) =>
        listener.ChangeAsync(options => options with { MinimumLevel = level }, TestTimeout.Limit).WaitAsync(TestTimeout.Limit);

    private Task<LogListener> StartAsync(LogLevel level, bool console = false, LogLevel? consoleLevel = null, string name = "run.log", string? listener = null) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = listener ?? TestListener.NewName(),
        File = new RollingFileOptions { Path = folder.Combine(name) },
        Template = "{Message}",
        NoHeader = true,
        MinimumLevel = level,
        Console = console,
        ConsoleMinimumLevel = consoleLevel,
    });

    private sealed class Untouchable
    {
        public override string ToString() => throw new InvalidOperationException("It was made text.");
    }
}
