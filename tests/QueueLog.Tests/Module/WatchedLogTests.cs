using QueueLog.Pool;
using QueueLog.PowerShell.Watch;
using QueueLog.Tests.Reporting;

namespace QueueLog.Tests.Module;

public sealed class WatchedLogTests : IDisposable
{
    private readonly RunFiles run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void The_log_of_a_worker_is_that_of_its_pool_and_of_all_its_processes()
    {
        run.AddRecord(1, "of a run before", pid: 3);
        run.AddRecord(11, "of its first process", pid: 11);
        run.AddRecord(12, "of another pool", pid: 77);
        run.AddRecord(13, "Worker-1 (process 11) died: it exited", "Warning", pid: 9, category: "QueueLog.Pool");
        run.AddRecord(14, "of its second process", pid: 12);
        run.AddRecord(15, "of another pool, too", pid: 77);
        run.AddRecord(16, "of another worker", worker: "Worker-2", pid: 22);
        run.AddRecord(17, "item 3, 'a', took longer than 1 s", "Warning", item: 3, pid: 9, category: "QueueLog.Pool");
        using var log = new WatchedLog();
        log.Update(run.Log);
        var worker = new WorkerStatus { Name = "Worker-1", Pid = 12, Started = RunFiles.Begin.AddSeconds(13.5) };
        var pool = new PoolStatus { Name = "night", Pid = 9, State = "Running", Started = RunFiles.Begin.AddSeconds(10), Workers = [worker] };
        Assert.Equal(
            ["of its first process", "Worker-1 (process 11) died: it exited", "of its second process", "item 3, 'a', took longer than 1 s"],
            log.Last(pool, worker, 100).Select(entry => entry.Message));
        Assert.Equal(["of another worker", "item 3, 'a', took longer than 1 s"], log.Last(pool, worker: null, 2).Select(entry => entry.Message));
    }
}
