using QueueLog.Wire;

namespace QueueLog.Pool.Child;

/// <summary>Carries out what the pool asks of a worker besides items.</summary>
internal sealed class PoolOrders(PoolConnection pool, WorkQueue queue, WorkerExit exit) : IPoolOrders
{
    // Null while the engine starts: a pool that was not greeted asks for nothing, it can only be gone.
    private volatile IWorkRunner? runner;

    /// <summary>The item under way, which a stop claims.</summary>
    public ItemClaim Claim { get; } = new();

    /// <summary>From now on there is what runs items, and it can be stopped.</summary>
    public void Begin(IWorkRunner workRunner) => runner = workRunner;

    public void Interrupt() => runner?.Interrupt();

    public void Acknowledge() => pool.Send(FrameType.StopAcknowledged);

    public void Stop(TimeSpan grace)
    {
        queue.End(discard: true);

        // First of all: the results of finished items must not depend on code that may not stop. They are sent before the answer.
        Acknowledge();
        runner?.Stop();
        exit.ExitAfterStop(grace);
    }

    // Claimed before it is stopped: an item that ends at this moment must not leave the stop to the next one. What is to be
    // stopped is found before the claim, for the same reason.
    public void StopItem(long index)
    {
        if (runner?.StopOfItem() is { } stop && Claim.TryClaim(index))
        {
            // What it has said so far must not depend on code that may not stop.
            pool.Batcher.Flush();
            stop();
        }
    }

    public void Abandon() => exit.ExitWithPool();
}
