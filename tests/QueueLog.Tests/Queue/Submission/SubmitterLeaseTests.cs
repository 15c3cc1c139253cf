using Microsoft.Extensions.Time.Testing;
using QueueLog.Queue;
using QueueLog.Queue.Submission;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Submission;

public sealed class SubmitterLeaseTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_submitter_that_stood_still_asks_before_it_offers_and_learns_that_another_has_the_run()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        var first = Lease(engine, "first");
        Assert.True(await first.TryTakeAsync(0, Cancellation));
        await first.EnsureAsync(Cancellation);
        var second = Lease(engine, "second");
        Assert.True(await second.TryTakeAsync((await engine.Runs.GetAsync("r1", Cancellation))!.Revision, Cancellation));
        time.Advance(3 * Interval);
        await Assert.ThrowsAsync<OperationCanceledException>(() => first.EnsureAsync(Cancellation));
        Assert.Equal("second", (await first.Superseded.WaitAsync(TestTimeout.Limit))!.Submitter);
        await second.EnsureAsync(Cancellation);
        Assert.False(second.Superseded.IsCompleted);
    }

    [Fact]
    public async Task Of_those_that_would_go_on_with_the_same_run_one_may()
    {
        using var server = await NatsServer.StartAsync();
        await using var engine = await server.ConnectAsync();
        Assert.True(await Lease(engine, "dead").TryTakeAsync(0, Cancellation));
        var former = (await engine.Runs.GetAsync("r1", Cancellation))!.Revision;
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Lease(engine, $"s{number}").TryTakeAsync(former, Cancellation))).WaitAsync(TestTimeout.Limit);
        Assert.Single(taken, static isTaken => isTaken);
    }

    private SubmitterLease Lease(IQueueEngine engine, string submitter) =>
        new(engine.Runs, "r1", new RunEntry { Pool = "P", Version = "1.2.3", Submitter = submitter }, Interval, time);
}
