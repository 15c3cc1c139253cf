using QueueLog.Pool;
using QueueLog.PowerShell.Pool;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool;

public sealed class RunGateTests
{
    [Fact]
    public async Task Who_waits_for_a_turn_does_not_wait_any_longer_when_the_pool_has_ended()
    {
        var pool = new BusyPool();
        var first = BeginAsync(pool);
        var second = OnOtherThread(pool);
        Assert.True(first.IsCompletedSuccessfully);
        pool.End();

        // The first still has the turn: its pipeline is at what the run gave.
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second.WaitAsync(TestTimeout.Limit));
        RunGate.End(pool);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => OnOtherThread(pool).WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task Who_waits_for_a_turn_gets_it_when_it_is_free()
    {
        var pool = new BusyPool();
        var first = BeginAsync(pool);
        var second = OnOtherThread(pool);
        Assert.True(first.IsCompletedSuccessfully);
        Assert.False(second.IsCompleted);
        RunGate.End(pool);
        Assert.NotNull(await second.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task A_thread_that_has_to_make_a_run_go_on_waits_for_no_other()
    {
        var pool = new BusyPool();
        var holder = await OnOtherThread(pool);
        var queued = new QueuedRun(pool, new WorkDefinition(), new RunOptions());
        Assert.Null(await BeginAsync(pool).WaitAsync(TestTimeout.Limit));

        queued.GiveUp();
        var behind = BeginAsync(pool);
        Assert.False(behind.IsCompleted);
        Assert.NotNull(holder);
    }

    [Fact]
    public async Task Jobs_have_their_turns_in_the_order_in_which_they_were_made()
    {
        var pool = new BusyPool();
        var first = OnOtherThread(pool);
        await first;
        var queued = new QueuedRun[5];
        for (var i = 0; i < queued.Length; i++)
        {
            queued[i] = await Task.Factory.StartNew(() => new QueuedRun(pool, new WorkDefinition(), new RunOptions()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Assert.True(first.IsCompletedSuccessfully);
        var begun = queued.Select(run => run.TryBeginAsync()).ToArray();
        RunGate.End(pool);
        for (var i = 0; i < queued.Length; i++)
        {
            Assert.True(await begun[i].WaitAsync(TestTimeout.Limit));
            Assert.All(begun.Skip(i + 1), later => Assert.False(later.IsCompleted));
            queued[i].End();
        }
    }

    private static Task<IItemRun?> BeginAsync(BusyPool pool) => RunGate.BeginAsync(pool, new WorkDefinition(), new RunOptions(), new RunCaller(), CancellationToken.None).AsTask();

    private static Task<IItemRun?> OnOtherThread(BusyPool pool) =>
        Task.Factory.StartNew(() => BeginAsync(pool), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private sealed class BusyPool : IItemPool
    {
        public TimeSpan Grace => TimeSpan.Zero;

        private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "busy";

        public int Count => 1;

        public string? ListenerAddress => null;

        public bool StaysWarm => true;

        public Task Completion => completion.Task;

        public RunFailure? Failure => null;

        public void End() => completion.SetResult();

        public IItemRun? TryBegin(WorkDefinition definition, RunOptions runOptions)
        {
            ObjectDisposedException.ThrowIf(Completion.IsCompleted, this);
            return new PoolRun(new QueueLog.Pool.State.PoolState(new WorkerPoolOptions { Name = Name, Count = 1 }), null!, definition, runOptions, TimeProvider.System);
        }

        public void Resize(int count) => throw new NotSupportedException();

        public void Stop(IItemRun run) => throw new NotSupportedException();

        public void ReadFor(IItemRun run) => throw new NotSupportedException();

        public PoolStatus GetStatus() => throw new NotSupportedException();

        public Task StopAsync() => throw new NotSupportedException();

        public Task KillAsync() => throw new NotSupportedException();
    }
}
