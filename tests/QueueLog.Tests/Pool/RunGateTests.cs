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
        var first = Begin(pool);
        var second = await OnOtherThread(pool);
        Assert.True(first.Run.IsCompletedSuccessfully);
        pool.End();

        // The first still has the turn: its pipeline is at what the run gave.
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second.Run.WaitAsync(TestTimeout.Limit));
        first.End();
        var third = await OnOtherThread(pool);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => third.Run.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task Who_waits_for_a_turn_gets_it_when_it_is_free()
    {
        var pool = new BusyPool();
        var first = Begin(pool);
        var second = await OnOtherThread(pool);
        Assert.True(first.Run.IsCompletedSuccessfully);
        Assert.False(second.Run.IsCompleted);
        first.End();
        Assert.NotNull(await second.Run.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task A_thread_that_has_to_make_a_run_go_on_waits_for_no_other()
    {
        var pool = new BusyPool();
        var holder = await OnOtherThread(pool);
        var queued = new QueuedRun(pool, new WorkDefinition(), new RunOptions());
        Assert.Null(await Begin(pool).Run.WaitAsync(TestTimeout.Limit));

        queued.GiveUp();
        var behind = Begin(pool);
        Assert.False(behind.Run.IsCompleted);
        Assert.NotNull(await holder.Run);
    }

    [Fact]
    public async Task Jobs_have_their_turns_in_the_order_in_which_they_were_made()
    {
        var pool = new BusyPool();
        var first = await OnOtherThread(pool);
        var queued = new QueuedRun[5];
        for (var i = 0; i < queued.Length; i++)
        {
            queued[i] = await Task.Factory.StartNew(() => new QueuedRun(pool, new WorkDefinition(), new RunOptions()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Assert.True(first.Run.IsCompletedSuccessfully);
        var begun = queued.Select(run => run.TryBeginAsync()).ToArray();
        first.End();
        for (var i = 0; i < queued.Length; i++)
        {
            Assert.True(await begun[i].WaitAsync(TestTimeout.Limit));
            Assert.All(begun.Skip(i + 1), later => Assert.False(later.IsCompleted));
            queued[i].End();
        }
    }

    [Fact]
    public async Task A_turn_is_given_back_once_whatever_is_said_of_its_end()
    {
        var pool = new BusyPool();
        var first = await OnOtherThread(pool);
        first.End();
        first.End();
        first.GiveUp();
        Assert.Equal(0, pool.Stops);

        var second = await OnOtherThread(pool);
        var third = await OnOtherThread(pool);
        Assert.True(second.Run.IsCompletedSuccessfully);
        Assert.False(third.Run.IsCompleted);
    }

    [Fact]
    public async Task A_turn_that_comes_when_its_wait_is_stopped_is_given_on()
    {
        var pool = new BusyPool();
        var first = await OnOtherThread(pool);
        var late = await OnOtherThread(pool);
        var next = await OnOtherThread(pool);
        first.End();

        // As of a command that was stopped before it has looked.
        await late.Run.WaitAsync(TestTimeout.Limit);
        late.GiveUp();
        Assert.Equal(1, pool.Stops);
        Assert.NotNull(await next.Run.WaitAsync(TestTimeout.Limit));
    }

    private static RunLease Begin(BusyPool pool) => new(pool, new WorkDefinition(), new RunOptions(), CancellationToken.None);

    private static Task<RunLease> OnOtherThread(BusyPool pool) =>
        Task.Factory.StartNew(() => Begin(pool), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class BusyPool : IItemPool
    {
        public TimeSpan Grace => TimeSpan.Zero;

        private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "busy";

        public int Count => 1;

        public string? ListenerAddress => null;

        public bool StaysWarm => true;

        public int Stops { get; private set; }

        public Task Completion => completion.Task;

        public RunFailure? Failure => null;

        public void End() => completion.SetResult();

        public IItemRun? TryBegin(WorkDefinition definition, RunOptions runOptions)
        {
            ObjectDisposedException.ThrowIf(Completion.IsCompleted, this);
            return new PoolRun(new QueueLog.Pool.State.PoolState(new WorkerPoolOptions { Name = Name, Count = 1 }), null!, definition, runOptions, TimeProvider.System);
        }

        public void Resize(int count) => throw new NotSupportedException();

        public void Stop(IItemRun run) => Stops++;

        public void ReadFor(IItemRun run) => throw new NotSupportedException();

        public PoolStatus GetStatus() => throw new NotSupportedException();

        public Task StopAsync() => throw new NotSupportedException();

        public Task KillAsync() => throw new NotSupportedException();
    }
}
