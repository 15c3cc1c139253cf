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

    [Fact]
    public async Task A_renewal_that_had_no_answer_is_tried_again_long_before_the_next_one_is_due()
    {
        var interval = TimeSpan.FromDays(1);
        var table = new SilentTable();
        var lease = new SubmitterLease(table, "r1", new RunEntry { Pool = "P", Submitter = "s", Version = "1.2.3" }, interval, time);
        Assert.True(await lease.TryTakeAsync(0, TestContext.Current.CancellationToken));
        using var stop = new CancellationTokenSource();
        var renewing = lease.RenewLoopAsync(stop.Token);
        await Eventually.TrueAsync(() => PassUntil(interval, 2), "the entry is renewed");
        table.Silence.SetException(new QueueException(QueueFault.Unreachable, "The server does not answer."));
        await Eventually.TrueAsync(() => PassUntil(TimeSpan.FromMilliseconds(100), 3), "the entry is renewed again");
        await stop.CancelAsync();
        await renewing.WaitAsync(TestTimeout.Limit);

        bool PassUntil(TimeSpan step, int updates)
        {
            time.Advance(step);
            return table.Updates == updates;
        }
    }

    private SubmitterLease Lease(IQueueEngine engine, string submitter) =>
        new(engine.Runs, "r1", new RunEntry { Pool = "P", Version = "1.2.3", Submitter = submitter }, Interval, time);

    /// <summary>Answers the first update, and the second one when a test says how.</summary>
    private sealed class SilentTable : IQueueTable
    {
        private int updates;

        public int Updates => Volatile.Read(ref updates);

        public TaskCompletionSource<long?> Silence { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<long?> TryUpdateAsync(string key, ReadOnlyMemory<byte> value, long revision, CancellationToken cancellation) =>
            Interlocked.Increment(ref updates) == 2 ? Silence.Task : Task.FromResult<long?>(1);

        public Task<TableEntry?> GetAsync(string key, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<TableEntry>> GetAllAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> GetKeysAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<long> PutAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellation) => throw new NotSupportedException();

        public Task DeleteAsync(string key, CancellationToken cancellation) => throw new NotSupportedException();

        public IAsyncEnumerable<TableEntry> WatchAsync(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
