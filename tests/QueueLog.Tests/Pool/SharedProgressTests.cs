using QueueLog.Pool;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool;

public sealed class SharedProgressTests
{
    [Fact]
    public void A_worker_that_is_to_be_killed_for_its_item_begins_no_other()
    {
        using var folder = new TempFolder();
        using var pool = SharedProgress.Create(folder.Combine("pool"), 2);
        using var worker = SharedProgress.Open(folder.Combine("pool"), 1);
        Assert.True(worker.TryBegin(1, begun: 1, startedAt: 5));
        Assert.Equal((1, 5), (pool.Read(1), pool.ReadStart(1)));

        Assert.True(pool.TryMarkForKill(1, begun: 1));
        Assert.False(worker.TryBegin(1, begun: 2, startedAt: 6));
        Assert.False(worker.TryCount(1, before: 1, begun: 3));
        Assert.Equal(1, pool.Read(1));
        Assert.False(pool.TryMarkForKill(1, begun: 1), "It is killed once.");

        pool.Clear(1);
        Assert.Equal((0, 0), (pool.Read(1), pool.ReadStart(1)));
        Assert.True(worker.TryBegin(1, begun: 1, startedAt: 7));
    }

    [Fact]
    public void A_worker_that_has_begun_another_item_is_not_killed_for_the_one_before()
    {
        using var folder = new TempFolder();
        using var board = SharedProgress.Create(folder.Combine("pool"), 1);
        Assert.True(board.TryBegin(0, begun: 1, startedAt: 5));
        Assert.True(board.TryBegin(0, begun: 2, startedAt: 6));
        Assert.False(board.TryMarkForKill(0, begun: 1));
        Assert.True(board.TryBegin(0, begun: 3, startedAt: 7));
    }
}
