using QueueLog.Pool;
using QueueLog.Pool.State;
using QueueLog.Records;

namespace QueueLog.Tests.Pool.State;

public sealed class PoolStateTests
{
    [Fact]
    public void A_pool_that_has_ended_is_not_taken_for_one_that_is_busy()
    {
        var pool = new PoolState(new WorkerPoolOptions { Name = "ended", Count = 1, StaysWarm = true });
        PoolRun? TryBegin() => pool.TryBegin(id => new PoolRun(pool, null!, new WorkDefinition { Id = id }, new RunOptions(), TimeProvider.System), out _);
        Assert.NotNull(TryBegin());
        Assert.Null(TryBegin());
        pool.End(wasStopped: true);
        Assert.Throws<ObjectDisposedException>(TryBegin);
    }
}
