using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.PowerShell.Errors;
using QueueLog.Queue.Hosts;

namespace QueueLog.PowerShell.Queue;

/// <summary>Starts a host's workers for a run: a pool as on one machine.</summary>
/// <param name="workers">How a worker is started.</param>
/// <param name="folder">Folder of the workers, unless the run says another that is there.</param>
internal sealed class HostPools(WorkerCommandLine workers, string folder)
{
    public WorkerPool Start(HostRun run)
    {
        var pool = new WorkerPool(
            new WorkerPoolOptions
            {
                Name = run.Name,
                Count = run.Slots,
                MaxItemsPerWorker = run.Entry.MaxItemsPerWorker,
                MaxWorkerMemory = run.Entry.MaxWorkerMemory,
                WorkingDirectory = folder,
                Exits = run.Exits,
                DescribeFailure = PoolErrors.DescribeFailure,
                ListenerAddress = run.ListenerAddress,
            },
            workers);
        pool.Start(1);
        return pool;
    }
}
