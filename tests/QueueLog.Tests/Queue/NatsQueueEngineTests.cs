using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using QueueLog.Queue;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue;

public sealed class NatsQueueEngineTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_follower_of_the_log_passes_nothing_over_while_what_it_has_read_is_released()
    {
        const int Count = 500;
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        using var stop = new CancellationTokenSource();
        var seen = new List<string>();
        var releases = new List<Task>();
        var following = Task.Run(async () =>
        {
            await foreach (var message in run.FollowLogAsync(stop.Token))
            {
                seen.Add(Text(message.Lines));
                releases.Add(run.ReleaseLogAsync([message.Sequence], Cancellation));
            }
        });
        await Task.WhenAll(PublishAsync("web1"), PublishAsync("web2")).WaitAsync(TestTimeout.Limit);
        await run.PublishLogAsync("web3", Bytes("last"), "last", Cancellation);
        await Eventually.TrueAsync(() => following.IsCompleted || (seen.Count > 0 && seen[^1] == "last"), "the last one is seen");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following).WaitAsync(TestTimeout.Limit);
        await Task.WhenAll(releases).WaitAsync(TestTimeout.Limit);
        foreach (var host in new[] { "web1", "web2" })
        {
            Assert.Equal(Enumerable.Range(0, Count).Select(number => $"{host} {number}"), seen.Where(text => text.StartsWith(host, StringComparison.Ordinal)));
        }

        await run.PublishLogAsync("web3", Bytes("behind"), "behind", Cancellation);
        Assert.Equal("behind", Assert.Single(await LogAsync(run, 1)).Id);

        async Task PublishAsync(string host)
        {
            for (var number = 0; number < Count; number++)
            {
                await run.PublishLogAsync(host, Bytes($"{host} {number}"), $"{host} {number}", Cancellation);
            }
        }
    }

    [Fact]
    public async Task The_server_tells_what_it_is()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        Assert.True(engine.Server.Version >= new Version(2, 9, 10));
        Assert.Equal(1024 * 1024, engine.Server.MaxMessage);
        Assert.True(engine.Connection.IsConnected);
        Assert.Equal(engine.Server.Version < new Version(2, 10) ? false : null, engine.Server.SyncsAlways);
    }

    [Fact]
    public async Task What_a_run_keeps_is_configured_as_it_must_be()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        await engine.CreateRunAsync("r1", Cancellation);
        await using var connection = Connect(server);
        var context = new NatsJSContext(connection);

        var work = (await context.GetStreamAsync("QL-r1-work", cancellationToken: Cancellation)).Info.Config;
        Assert.Equal((StreamConfigRetention.Workqueue, StreamConfigStorage.File, StreamConfigDiscard.New, 512L << 20), (work.Retention, work.Storage, work.Discard, work.MaxBytes));
        var done = (await context.GetStreamAsync("QL-r1-done", cancellationToken: Cancellation)).Info.Config;
        Assert.Equal((StreamConfigRetention.Limits, StreamConfigStorage.File, -1L, TimeSpan.FromDays(7)), (done.Retention, done.Storage, done.MaxBytes, done.MaxAge));
        Assert.Equal(TimeSpan.FromMinutes(2), done.DuplicateWindow);
        var log = (await context.GetStreamAsync("QL-r1-log", cancellationToken: Cancellation)).Info.Config;
        Assert.Equal((StreamConfigRetention.Limits, StreamConfigStorage.File, StreamConfigDiscard.New, 2L << 30), (log.Retention, log.Storage, log.Discard, log.MaxBytes));
        var consumer = (await context.GetConsumerAsync("QL-r1-work", "hosts", Cancellation)).Info.Config;
        Assert.Equal((ConsumerConfigAckPolicy.Explicit, TimeSpan.FromSeconds(30), -1L, 4096L), (consumer.AckPolicy, consumer.AckWait, consumer.MaxDeliver, consumer.MaxAckPending));
        var hosts = (await context.GetStreamAsync("KV_QL-hosts", cancellationToken: Cancellation)).Info.Config;
        Assert.Equal((TimeSpan.FromSeconds(60), 1L), (hosts.MaxAge, hosts.MaxMsgsPerSubject));
        var runs = (await context.GetStreamAsync("KV_QL-runs", cancellationToken: Cancellation)).Info.Config;
        Assert.Equal((TimeSpan.Zero, 1L), (runs.MaxAge, runs.MaxMsgsPerSubject));
    }

    [Fact]
    public async Task Runs_are_made_found_and_removed_and_making_one_again_changes_nothing()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        Assert.Empty(await engine.GetRunsAsync(Cancellation));
        var run = await engine.CreateRunAsync("r1", Cancellation);
        await run.AppendAsync("c1", Bytes("one"), 0, "i1", Cancellation);
        await engine.CreateRunAsync("r2-log", Cancellation);
        await engine.CreateRunAsync("r1", Cancellation);
        Assert.Equal(["r1", "r2-log"], (await engine.GetRunsAsync(Cancellation)).Order());
        Assert.Single(await engine.OpenRun("r1").ReadHistoryAsync("c1", Cancellation));
        await engine.Runs.PutAsync("r1", Bytes("open"), Cancellation);

        await engine.DeleteRunAsync("r1", Cancellation);
        await engine.DeleteRunAsync("r1", Cancellation);
        Assert.Equal(["r2-log"], await engine.GetRunsAsync(Cancellation));
        Assert.Null(await engine.Runs.GetAsync("r1", Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a>")]
    public async Task A_run_with_a_name_that_subjects_do_not_allow_is_refused(string name)
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => engine.CreateRunAsync(name, Cancellation));
    }

    [Fact]
    public async Task Every_call_for_a_run_that_is_gone_says_so()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        await using var following = run.FollowHistoriesAsync(0, Cancellation).GetAsyncEnumerator(Cancellation);
        var next = following.MoveNextAsync().AsTask();
        await engine.DeleteRunAsync("r1", Cancellation);
        run = engine.OpenRun("r1");
        Func<Task>[] calls =
        [
            () => next,
            () => run.PublishWorkAsync("c1", Bytes("x"), "i", Cancellation),
            () => run.AppendAsync("c1", Bytes("x"), 0, "i", Cancellation),
            () => run.ReadHistoryAsync("c1", Cancellation),
            () => run.ReadLastAsync("c1", Cancellation),
            () => run.PublishLogAsync("h", Bytes("x"), "i", Cancellation),
            () => run.ReleaseLogAsync([1], Cancellation),
            () => run.GetBacklogAsync(Cancellation),
            () => run.PurgeWorkAsync(Cancellation),
            () => run.PutBlobAsync("b", Bytes("x"), Cancellation),
            () => run.GetBlobAsync("b", 1, Cancellation),
            () => PullAsync(run, 1),
            () => run.FollowLogAsync(Cancellation).GetAsyncEnumerator(Cancellation).MoveNextAsync().AsTask(),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(QueueFault.Gone, (await Assert.ThrowsAsync<QueueException>(call).WaitAsync(TestTimeout.Limit)).Fault);
        }
    }

    [Fact]
    public async Task A_table_compares_and_sets()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var table = engine.Runs;
        Assert.Null(await table.GetAsync("a", Cancellation));
        Assert.Empty(await table.GetAllAsync(Cancellation));
        var first = await table.TryUpdateAsync("a", Bytes("1"), 0, Cancellation);
        Assert.NotNull(first);
        Assert.Null(await table.TryUpdateAsync("a", Bytes("x"), 0, Cancellation));
        var second = await table.TryUpdateAsync("a", Bytes("2"), first.Value, Cancellation);
        Assert.Null(await table.TryUpdateAsync("a", Bytes("x"), first.Value, Cancellation));
        var entry = await table.GetAsync("a", Cancellation);
        Assert.Equal((second, "2"), (entry!.Revision, Text(entry.Value)));

        await table.DeleteAsync("a", Cancellation);
        await table.DeleteAsync("never", Cancellation);
        Assert.Null(await table.GetAsync("a", Cancellation));
        Assert.NotNull(await table.TryUpdateAsync("a", Bytes("3"), 0, Cancellation));
        await table.PutAsync("b.c d>*", Bytes("4"), Cancellation);
        Assert.Equal(["a", "b.c d>*"], (await table.GetKeysAsync(Cancellation)).Order(StringComparer.Ordinal));
        Assert.Equal(["3", "4"], (await table.GetAllAsync(Cancellation)).Select(item => Text(item.Value)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_watch_tells_what_is_there_and_what_changes()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var table = engine.Runs;
        await table.PutAsync("a", Bytes("1"), Cancellation);
        await using var watch = table.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal("a=1", Show(await NextAsync(watch)));
        await table.PutAsync("b", Bytes("2"), Cancellation);
        Assert.Equal("b=2", Show(await NextAsync(watch)));
        await table.DeleteAsync("a", Cancellation);
        Assert.Equal("a deleted", Show(await NextAsync(watch)));

        static string Show(TableEntry entry) => entry.IsDeleted ? $"{entry.Key} deleted" : $"{entry.Key}={Text(entry.Value)}";
    }

    [Fact]
    public async Task Work_is_delivered_once_until_it_is_given_back()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        foreach (var chunk in new[] { "c1", "c2", "c3" })
        {
            await run.PublishWorkAsync(chunk, Bytes($"work of {chunk}"), chunk, Cancellation);
        }

        await run.PublishWorkAsync("c1", Bytes("again"), "c1", Cancellation);
        Assert.Equal(new WorkBacklog(3, 3, 0), await run.GetBacklogAsync(Cancellation));
        var two = await PullAsync(run, 2);
        Assert.Equal(["c1: work of c1", "c2: work of c2"], two.Select(delivery => $"{delivery.Chunk}: {Text(delivery.Payload)}"));
        Assert.Equal(new WorkBacklog(3, 1, 2), await run.GetBacklogAsync(Cancellation));
        await two[0].AcknowledgeAsync(Cancellation);
        await two[1].ExtendAsync(Cancellation);
        await two[1].ReturnAsync(TimeSpan.Zero, Cancellation);
        var rest = await PullAsync(run, 2);
        Assert.Equal(["c2", "c3"], rest.Select(delivery => delivery.Chunk).Order(StringComparer.Ordinal));
        foreach (var delivery in rest)
        {
            await delivery.AcknowledgeAsync(Cancellation);
        }

        Assert.Empty(await PullAsync(run, 1));
        Assert.Equal(new WorkBacklog(0, 0, 0), await run.GetBacklogAsync(Cancellation));
        await run.PublishWorkAsync("c4", Bytes("x"), "c4", Cancellation);
        await run.PurgeWorkAsync(Cancellation);
        Assert.Equal(0, (await run.GetBacklogAsync(Cancellation)).Messages);
    }

    [Fact]
    public async Task What_is_given_back_for_a_while_does_not_come_before()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        await run.PublishWorkAsync("c1", Bytes("x"), "c1", Cancellation);
        var since = TimeProvider.System.GetTimestamp();
        await (await PullAsync(run, 1))[0].ReturnAsync(TimeSpan.FromSeconds(2), Cancellation);
        IReadOnlyList<IWorkDelivery> again = [];
        while (again.Count == 0)
        {
            again = await PullAsync(run, 1);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(since) >= TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task A_history_takes_only_what_knows_its_last()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        var claim = await run.AppendAsync("c1", Bytes("claim"), 0, "i1", Cancellation);
        Assert.Equal(AppendResult.Appended, claim.Result);
        Assert.Equal(new AppendOutcome(AppendResult.Duplicate, claim.Sequence), await run.AppendAsync("c1", Bytes("claim"), 0, "i1", Cancellation));
        Assert.Equal(new AppendOutcome(AppendResult.Refused, 0), await run.AppendAsync("c1", Bytes("other"), 0, "i2", Cancellation));
        await run.AppendAsync("c2", Bytes("of another chunk"), 0, "i3", Cancellation);
        var end = await run.AppendAsync("c1", Bytes("end"), claim.Sequence, "i4", Cancellation);
        Assert.Equal(AppendResult.Refused, (await run.AppendAsync("c1", Bytes("late"), claim.Sequence, "i5", Cancellation)).Result);

        var history = await run.ReadHistoryAsync("c1", Cancellation);
        Assert.Equal([("c1", claim.Sequence, "i1", "claim"), ("c1", end.Sequence, "i4", "end")], history.Select(Show));
        Assert.Equal(("c1", end.Sequence, "i4", "end"), Show((await run.ReadLastAsync("c1", Cancellation))!));
        Assert.Null(await run.ReadLastAsync("c9", Cancellation));
        Assert.Empty(await run.ReadHistoryAsync("c9", Cancellation));

        await using var following = run.FollowHistoriesAsync(claim.Sequence + 1, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal("of another chunk", Text((await NextAsync(following)).Payload));
        Assert.Equal(("c1", end.Sequence, "i4", "end"), Show(await NextAsync(following)));

        static (string, long, string, string) Show(HistoryMessage message) => (message.Chunk, message.Sequence, message.Id, Text(message.Payload));
    }

    [Fact]
    public async Task The_log_comes_in_order_until_it_is_released()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        foreach (var id in new[] { "web.1/0", "web.1/10", "web.1/10", "web.1/20" })
        {
            await run.PublishLogAsync("web.1", Bytes(id), id, Cancellation);
        }

        await run.PublishLogAsync("web.10", Bytes("other"), "web.10/0", Cancellation);

        Assert.Equal(["web.1/0", "web.1/10", "web.1/20", "web.10/0"], (await LogAsync(run, 4)).Select(message => message.Id));
        var all = await LogAsync(run, 4);
        Assert.Equal(("web.1", "web.1/0"), (all[0].Host, Text(all[0].Lines)));
        await run.ReleaseLogAsync([all[0].Sequence, all[1].Sequence], Cancellation);
        Assert.Equal(["web.1/20", "web.10/0"], (await LogAsync(run, 2)).Select(message => message.Id));
        await run.ReleaseLogAsync([all[1].Sequence, all[2].Sequence], Cancellation);
        Assert.Equal(["web.10/0"], (await LogAsync(run, 1)).Select(message => message.Id));
    }

    [Fact]
    public async Task A_stream_without_room_says_so_and_takes_more_once_it_has_some()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync(new QueueEngineOptions { MaxLogBytes = 300_000, MaxWorkBytes = 300_000 });
        var run = await engine.CreateRunAsync("r1", Cancellation);
        await run.PublishLogAsync("h", new byte[200_000], "1", Cancellation);
        Assert.Equal(QueueFault.Full, (await Assert.ThrowsAsync<QueueException>(() => run.PublishLogAsync("h", new byte[200_000], "2", Cancellation))).Fault);
        await run.ReleaseLogAsync([(await LogAsync(run, 1))[0].Sequence], Cancellation);
        await run.PublishLogAsync("h", new byte[200_000], "2", Cancellation);
        await run.PublishWorkAsync("c1", new byte[200_000], "1", Cancellation);
        Assert.Equal(QueueFault.Full, (await Assert.ThrowsAsync<QueueException>(() => run.PublishWorkAsync("c2", new byte[200_000], "2", Cancellation))).Fault);
    }

    [Fact]
    public async Task A_run_is_not_begun_where_the_server_cannot_set_its_room_aside()
    {
        using var server = await NatsServer.StartAsync(reconfigure: text => text.Replace("jetstream {\n", "jetstream {\n  max_file_store: 1MB\n", StringComparison.Ordinal));
        await using var engine = await server.ConnectAsync();
        Assert.Equal(QueueFault.Full, (await Assert.ThrowsAsync<QueueException>(() => engine.CreateRunAsync("r1", Cancellation))).Fault);
    }

    [Fact]
    public async Task Blobs_of_any_size_come_back()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        var large = new byte[5_000_000];
        Random.Shared.NextBytes(large);
        await run.PutBlobAsync("a b/c", large, Cancellation);
        await run.PutBlobAsync("empty", default, Cancellation);
        Assert.Equal(large, await run.GetBlobAsync("a b/c", large.Length, Cancellation));
        Assert.Empty((await run.GetBlobAsync("empty", 0, Cancellation))!);
        await Assert.ThrowsAsync<InvalidDataException>(() => run.GetBlobAsync("a b/c", large.Length - 1, Cancellation));
        await run.PutBlobAsync("a b/c", Bytes("new"), Cancellation);
        Assert.Equal("new", Text(await run.GetBlobAsync("a b/c", 3, Cancellation)));
        await run.DeleteBlobAsync("a b/c", Cancellation);
        await run.DeleteBlobAsync("a b/c", Cancellation);
        Assert.Null(await run.GetBlobAsync("a b/c", 3, Cancellation));
    }

    [Fact]
    public async Task A_message_larger_than_the_server_takes_says_so()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        Assert.Equal(QueueFault.Unsuitable, (await Assert.ThrowsAsync<QueueException>(() => run.PublishWorkAsync("c", new byte[engine.Server.MaxMessage + 1], "1", Cancellation))).Fault);
    }

    internal static async Task<IReadOnlyList<IWorkDelivery>> PullAsync(IQueueRun run, int max)
    {
        var deliveries = new List<IWorkDelivery>();
        await foreach (var delivery in run.PullWorkAsync(max, Second, Cancellation))
        {
            deliveries.Add(delivery);
        }

        return deliveries;
    }

    internal static async Task<T> NextAsync<T>(IAsyncEnumerator<T> items)
    {
        Assert.True(await items.MoveNextAsync().AsTask().WaitAsync(TestTimeout.Limit));
        return items.Current;
    }

    internal static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    internal static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static async Task<IReadOnlyList<LogMessage>> LogAsync(IQueueRun run, int count)
    {
        var messages = new List<LogMessage>();
        await using var log = run.FollowLogAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        while (messages.Count < count)
        {
            messages.Add(await NextAsync(log));
        }

        return messages;
    }

    private static NatsConnection Connect(NatsServer server) => new(new NatsOpts
    {
        Url = server.Link.Servers[0].OriginalString,
        AuthOpts = new NatsAuthOpts { AuthCredCallback = (_, _) => ValueTask.FromResult(NatsAuthCred.FromNkey(server.Link.Key!)) },
    });
}
