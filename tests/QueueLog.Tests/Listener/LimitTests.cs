using Microsoft.Extensions.Time.Testing;
using QueueLog.Client;
using QueueLog.Journal;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener;

/// <summary>A limit in a running listener.</summary>
public sealed class LimitTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RecordLimit TwoOfATemplate = new(2, LimitBy.Template, LogLevel.Error);

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_left_out_is_told_when_the_second_is_over_though_nothing_more_is_written()
    {
        await using var listener = Start(TwoOfATemplate);
        await using var client = await ConnectAsync(listener);
        await WriteAsync(client, 5);
        Assert.Equal(["item 0", "item 1"], folder.ReadLines("run.log"));
        clock.Advance(Second);
        await Eventually.TrueAsync(() => folder.ReadLines("run.log").Length == 3, "the record that says how many were left out");
        Assert.Equal("[QueueLog] 3 records like 'item {Item}' were left out: more than 2 came within a second", folder.ReadLines("run.log")[2]);
    }

    [Fact]
    public async Task It_is_told_at_the_stop_and_nothing_is_lost_or_missing()
    {
        await using var listener = Start(TwoOfATemplate);
        await using (var first = await ConnectAsync(listener))
        await using (var overPipe = await LogClient.ConnectAsync(listener.Address, new ClientOptions { UseJournal = false }, None))
        {
            // Across all clients, however their records come.
            await WriteAsync(first, 2);
            await WriteAsync(overPipe, 4);
            await WriteAsync(first, 1, LogLevel.Error);
        }

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["item 0", "item 1", "item 0", "[QueueLog] 4 records like 'item {Item}' were left out: more than 2 came within a second"], folder.ReadLines("run.log"));
        Assert.Equal((7, 3, 4, 0), (listener.Received, listener.Written, listener.Limited, listener.Lost));
        Assert.Equal([(3, 3, 0), (4, 0, 4)], listener.Clients.OrderBy(client => client.Limited).Select(client => ((int)client.Received, (int)client.Written, (int)client.Limited)));
        Assert.Empty(listener.Failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_waits_for_a_record_that_is_left_out_is_answered(bool durable)
    {
        await using var listener = Start(new RecordLimit(1, LimitBy.Category, LogLevel.Error), options => options with { Durable = durable });
        await using var client = await ConnectAsync(listener);
        for (var i = 0; i < 5; i++)
        {
            client.Write(Draft(i));
            Assert.True(await Task.Run(() => client.WaitUntilAcknowledged(None)).WaitAsync(TestTimeout.Limit));
        }

        Assert.Equal("item 0\n", folder.Read("run.log"));
    }

    [Fact]
    public async Task What_no_sink_wants_counts_for_nothing()
    {
        await using var listener = Start(new RecordLimit(1, LimitBy.Category, LogLevel.Error));
        await listener.ChangeAsync(options => options with { MinimumLevel = LogLevel.Warning }, TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        await using (var client = await RawClient.GreetAsync(listener.Address))
        {
            await client.SendAsync(Encoded.Batch([.. Enumerable.Range(1, 5).Select(i => Encoded.Record("low", i, LogLevel.Debug)), Encoded.Record("high", 6, LogLevel.Warning)]));
            Assert.True(await client.FlushAsync(1));
            await client.SendAsync(Encoded.Frame(FrameType.Goodbye, BitConverter.GetBytes(6L)));
        }

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["high"], folder.ReadLines("run.log"));
        Assert.Equal(0, listener.Limited);
    }

    [Fact]
    public async Task It_can_be_changed_and_lifted_while_the_listener_runs()
    {
        await using var listener = Start(RecordLimit.None);
        await using var client = await ConnectAsync(listener);
        await WriteAsync(client, 3);
        await listener.ChangeAsync(options => options with { Limit = options.Limit with { PerSecond = 1 } }, TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        await WriteAsync(client, 3);
        await listener.ChangeAsync(options => options with { Limit = options.Limit with { LimitLevel = LogLevel.Information, By = LimitBy.Category } }, TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal((1, LimitBy.Category, LogLevel.Information), (listener.Limit, listener.LimitBy, listener.LimitLevel));
        await WriteAsync(client, 2);
        await listener.ChangeAsync(options => options with { Limit = options.Limit with { PerSecond = 0 } }, TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        await WriteAsync(client, 2, LogLevel.Debug);
        Assert.Equal(
            ["item 0", "item 1", "item 2", "item 0", "[QueueLog] 2 records like 'item {Item}' were left out: more than 1 came within a second", "item 0", "item 1", "item 0", "item 1"],
            folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task What_an_earlier_listener_left_is_written_whole()
    {
        const int NoProcess = int.MaxValue;
        var left = Assert.Single(JournalFolder.Claim(folder.Combine("run.log")));
        using (var ring = RingWriter.Create(left.Path, TestRing.OwnerOf(NoProcess, 1), RingLayout.SmallestCapacity))
        {
            for (var i = 0; i < 5; i++)
            {
                Assert.True(ring.TryAppend(Encoded.Record("left")));
            }
        }

        left.Dispose();
        await using (Start(TwoOfATemplate))
        {
        }

        Assert.Equal(Enumerable.Repeat("left", 5), folder.ReadLines("run.log")[..5]);
        Assert.DoesNotContain("left out", folder.Read("run.log"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_record_that_tells_it_has_the_numbers_and_is_as_important_as_what_was_left_out()
    {
        var listener = await ListenerFactory.StartAsync(new ListenerOptions
        {
            Name = TestListener.NewName(),
            File = new RollingFileOptions { Path = folder.Combine("run.log") },
            Template = "{Level}|{Category}|{Count}|{Like}|{Limit}",
            NoHeader = true,
            MinimumLevel = LogLevel.Error,
            Limit = new RecordLimit(1, LimitBy.Template, LogLevel.Critical),
        });
        await using (var client = await ConnectAsync(listener))
        {
            await WriteAsync(client, 3, LogLevel.Error);
        }

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["Error||||", "Error|QueueLog.Listener|2|item {Item}|1"], folder.ReadLines("run.log"));
    }

    private static RecordDraft Draft(int item, LogLevel level = LogLevel.Information) =>
        new() { Level = level, Message = "item {Item}", Arguments = new object?[] { item } };

    private static async Task WriteAsync(LogClient client, int count, LogLevel level = LogLevel.Information)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(WriteResult.Accepted, client.Write(Draft(i, level)));
        }

        Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
    }

    private static Task<LogClient> ConnectAsync(LogListener listener) => LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);

    private LogListener Start(RecordLimit limit, Func<ListenerOptions, ListenerOptions>? change = null) =>
        TestListener.Start(folder.Combine("run.log"), options => (change ?? (same => same))(options with { Limit = limit, Time = clock }));
}
