using QueueLog.Client;
using QueueLog.Pool.Processes;

namespace QueueLog.Pool.Child;

/// <summary>
/// How a worker's process ends: when its work or an item says so, when the pool asks for it, or because the pool is gone. The
/// thread that comes first ends it.
/// </summary>
internal sealed class WorkerExit(PoolConnection pool, WorkQueue queue)
{
    // A dead pool's worker is gone after at most this, whatever its code or its log client are doing.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1.5);

    // How long the log's clients may take for what is still theirs.
    private static readonly TimeSpan ContextTimeout = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim tidied = new();
    private volatile bool isPoolGone;
    private int isLeaving;

    /// <summary>Ends the process, with everything said before on its way.</summary>
    public void Exit(int code)
    {
        if (Interlocked.Exchange(ref isLeaving, 1) != 0)
        {
            // Another thread is ending the process and this one has nothing more to do in it.
            Thread.Sleep(Timeout.Infinite);
        }

        pool.Batcher.Flush();
        EndContext();
        if (isPoolGone)
        {
            // Another thread may be removing what the pool has left, and nobody comes behind it.
            tidied.Wait(LastMoment);
            KillAll(pool.Worker);
        }

        ProcessGroup.ExitNow(code);
    }

    /// <summary>The main thread has done its work, and ends what it has in the engine and then the process. When that takes longer than it may, this ends the process.</summary>
    public void BeginEnd(TimeSpan grace) => new Thread(() =>
    {
        Thread.Sleep(grace);
        Exit(0);
    })
    { IsBackground = true }.Start();

    /// <summary>Ends the process, unless the main thread does so in time: it was asked to stop.</summary>
    public void ExitAfterStop(TimeSpan grace)
    {
        Thread.Sleep(grace);
        Exit(0);
    }

    /// <summary>Ends the process because the pool is gone.</summary>
    public void ExitWithPool()
    {
        // First of all: whoever ends the process from here on must kill what it has started.
        isPoolGone = true;

        // Who would know of it that another item was begun?
        queue.End(discard: true);
        new Thread(() =>
        {
            Thread.Sleep(LastMoment);
            KillAll(pool.Worker);
        })
        { IsBackground = true }.Start();
        PoolRemains.Delete(pool.Worker.Address, [pool.Progress, pool.Records]);
        tidied.Set();
        if (Interlocked.Exchange(ref isLeaving, 1) == 0)
        {
            EndContext();
            KillAll(pool.Worker);
        }
    }

    /// <summary>Kills the process and all that it has started. Without a pool there is no one else to do it.</summary>
    public static void KillAll(WorkerIdentity worker)
    {
        if (worker.Mark.Length > 0)
        {
            ProcessMark.Kill(worker.Mark);
        }

        ProcessGroup.KillSelf();
    }

    private static void EndContext()
    {
        var last = new Thread(EndClients) { IsBackground = true };
        last.Start();
        last.Join(ContextTimeout);
    }

    private static void EndClients()
    {
        try
        {
            ProcessContext.RaiseEnding();
        }
#pragma warning disable CA1031 // the process ends; there is no one left to tell
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
