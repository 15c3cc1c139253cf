using System.Collections.Concurrent;
using QueueLog.Queue;
using QueueLog.Tests.Support;
using static QueueLog.Tests.Queue.NatsQueueEngineTests;

namespace QueueLog.Tests.Queue;

public sealed class NatsQueueEngineDeathTests
{
    private const int Rounds = 3;
    private static readonly QueueEngineOptions Quick = new() { Timeout = TimeSpan.FromSeconds(3) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Two append for each chunk and repeat what had no answer: one of them has it, and whoever follows sees all of it once and in order.
    [Fact]
    public async Task A_killed_server_neither_loses_nor_doubles_nor_reorders_a_history()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync(Quick);
        var run = await engine.CreateRunAsync("r1", Cancellation);
        var winners = new ConcurrentDictionary<string, string>();
        using var stop = new CancellationTokenSource();
        var seen = new List<HistoryMessage>();
        var following = Task.Run(async () =>
        {
            await foreach (var message in run.FollowHistoriesAsync(0, stop.Token))
            {
                seen.Add(message);
            }
        });
        var chunk = 0;
        var isOver = false;
        var appending = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                // Both claims of a chunk may be of one writer.
                var number = Interlocked.Increment(ref chunk);
                var name = $"c{number / 2}";
                if (await ClaimAsync(run, name, $"{number}"))
                {
                    Assert.True(winners.TryAdd(name, $"{number}"), $"{name} was had twice");
                }
            }
        })).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var before = winners.Count;
            await Eventually.TrueAsync(() => winners.Count > before + 50 || appending.Any(task => task.IsFaulted), "appends go on");
            server.Kill();
            await server.StartAsync();
        }

        var reached = winners.Count;
        await Eventually.TrueAsync(() => winners.Count > reached + 50 || appending.Any(task => task.IsFaulted), "appends go on");
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(appending).WaitAsync(TestTimeout.Limit);
        await run.AppendAsync("last", Bytes("last"), 0, "last", Cancellation);
        await Eventually.TrueAsync(() => following.IsCompleted || (seen.Count > 0 && seen[^1].Chunk == "last"), "the last one is seen");
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following).WaitAsync(TestTimeout.Limit);
        Assert.Equal(winners.Values.Append("last").Order(StringComparer.Ordinal), seen.Select(message => Text(message.Payload)).Order(StringComparer.Ordinal));
        Assert.Equal(seen.Select(message => message.Sequence).Distinct().Order(), seen.Select(message => message.Sequence));
    }

    [Fact]
    public async Task A_killed_server_keeps_work_that_was_not_acknowledged_and_the_entries_of_tables()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync(Quick);
        var run = await engine.CreateRunAsync("r1", Cancellation);
        await run.PublishWorkAsync("c1", Bytes("1"), "c1", Cancellation);
        await engine.Runs.PutAsync("r1", Bytes("open"), Cancellation);
        await using var watch = engine.Runs.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        await NextAsync(watch);
        server.Kill();
        await server.StartAsync();
        Assert.Equal("open", Text((await RepeatAsync(() => engine.Runs.GetAsync("r1", Cancellation)))!.Value));
        await RepeatAsync(() => engine.Runs.PutAsync("r1", Bytes("closed"), Cancellation));
        var told = await NextAsync(watch);
        while (Text(told.Value) != "closed")
        {
            told = await NextAsync(watch);
        }

        IReadOnlyList<IWorkDelivery> work = [];
        await Eventually.TrueAsync(() => engine.Connection.IsConnected, "it is connected again");
        while (work.Count == 0)
        {
            work = await RepeatAsync(() => PullAsync(run, 1));
        }

        Assert.Equal("c1", work[0].Chunk);
    }

    [Fact]
    public async Task The_connection_says_since_when_it_is_there()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync(Quick);
        var first = engine.Connection;
        server.Kill();
        await Eventually.TrueAsync(() => !engine.Connection.IsConnected, "the loss is seen");
        var lost = engine.Connection;
        await server.StartAsync();
        await Eventually.TrueAsync(() => engine.Connection.IsConnected, "it is connected again");
        Assert.True(first.Since < lost.Since && lost.Since < engine.Connection.Since);
    }

    [Fact]
    public async Task A_frozen_server_is_told_and_an_append_that_had_no_answer_is_not_there_twice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No signal there stops a process.");
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync(new QueueEngineOptions { Timeout = TimeSpan.FromSeconds(1) });
        var run = await engine.CreateRunAsync("r1", Cancellation);
        server.Freeze();
        Assert.Equal(QueueFault.Unreachable, (await Assert.ThrowsAsync<QueueException>(() => run.AppendAsync("c1", Bytes("x"), 0, "i", Cancellation))).Fault);
        server.Thaw();
        var outcome = await RepeatAsync(() => run.AppendAsync("c1", Bytes("x"), 0, "i", Cancellation));
        Assert.NotEqual(AppendResult.Refused, outcome.Result);
        Assert.Single(await RepeatAsync(() => run.ReadHistoryAsync("c1", Cancellation)));
    }

    // A new connection brings no answer to what was asked over the former one.
    [Fact]
    public async Task A_call_ends_with_its_connection()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No signal there stops a process.");
        using var server = await NatsServer.StartAsync();
        await using var proxy = NatsProxy.Start(server, 0, 0);
        await using var engine = await server.ConnectAsync(new QueueEngineOptions { Timeout = 2 * TestTimeout.Limit }, proxy.Link(server.Link));
        var run = await engine.CreateRunAsync("r1", Cancellation);
        server.Freeze();
        var append = run.AppendAsync("c1", Bytes("x"), 0, "i", Cancellation);
        proxy.Cut();
        server.Thaw();
        Assert.Equal(QueueFault.Unreachable, (await Assert.ThrowsAsync<QueueException>(() => append).WaitAsync(TestTimeout.Limit)).Fault);
        Assert.NotEqual(AppendResult.Refused, (await RepeatAsync(() => run.AppendAsync("c1", Bytes("x"), 0, "i", Cancellation)).WaitAsync(TestTimeout.Limit)).Result);
    }

    [Fact]
    public async Task A_call_ends_with_its_token()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        server.Kill();
        await Eventually.TrueAsync(() => !engine.Connection.IsConnected, "the loss is seen");
        using var stop = new CancellationTokenSource();
        var append = run.AppendAsync("c1", Bytes("x"), 0, "i", stop.Token);
        var pull = Task.Run(async () =>
        {
            await foreach (var _ in run.PullWorkAsync(1, TimeSpan.FromSeconds(60), stop.Token))
            {
            }
        });
        await using var follow = run.FollowHistoriesAsync(0, stop.Token).GetAsyncEnumerator(Cancellation);
        var next = follow.MoveNextAsync().AsTask();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append).WaitAsync(TestTimeout.Limit);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull).WaitAsync(TestTimeout.Limit);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next).WaitAsync(TestTimeout.Limit);
    }

    private static async Task<bool> ClaimAsync(IQueueRun run, string chunk, string content)
    {
        var outcome = await RepeatAsync(() => run.AppendAsync(chunk, Bytes(content), 0, content, Cancellation));

        // A server that was killed may have forgotten the id, not the message.
        return outcome.Result != AppendResult.Refused || Text((await RepeatAsync(() => run.ReadLastAsync(chunk, Cancellation)))!.Payload) == content;
    }

    private static async Task<T> RepeatAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call().WaitAsync(TestTimeout.Limit);
            }
            catch (QueueException e) when (e.Fault == QueueFault.Unreachable)
            {
                Cancellation.ThrowIfCancellationRequested();
                await Task.Delay(20, Cancellation);
            }
        }
    }
}
