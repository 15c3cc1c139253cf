using System.Runtime.CompilerServices;
using QueueLog.Pool;

namespace QueueLog.PowerShell.Pool;

/// <summary>A pool does one run at a time: who comes second waits for its turn.</summary>
internal sealed class RunGate
{
    private static readonly ConditionalWeakTable<IItemPool, RunGate> Gates = new();

    private readonly SemaphoreSlim free = new(1, 1);
    private readonly HashSet<RunLease> entered = [];

    public static RunGate Of(IItemPool pool) => Gates.GetOrCreateValue(pool);

    /// <returns>False when the thread itself keeps the pool busy, or has to make a job before this one go on: then waiting would never end.</returns>
    public bool TryEnter(RunLease turn)
    {
        lock (entered)
        {
            return (turn.IsJob || !entered.Any(other => other.Thread == turn.Thread)) && entered.Add(turn);
        }
    }

    /// <summary>Its thread is free to do other things, whether the run goes on or has ended.</summary>
    public void Leave(RunLease turn)
    {
        lock (entered)
        {
            entered.Remove(turn);
        }
    }

    /// <summary>Waits until the pool is free, in the order of the calls: each call hands the pool to the next.</summary>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public ValueTask WaitAsync(IItemPool pool, CancellationToken cancellation) =>
        free.Wait(0, CancellationToken.None) ? ValueTask.CompletedTask : new ValueTask(WaitForOthersAsync(pool, cancellation));

    /// <summary>Frees the pool for the next.</summary>
    public void Release() => free.Release();

    // Who has the turn may keep it for long after the end of the pool: its pipeline may still be at what the run gave.
    private async Task WaitForOthersAsync(IItemPool pool, CancellationToken cancellation)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waiting = free.WaitAsync(leave.Token);
        if (await Task.WhenAny(waiting, pool.Completion).ConfigureAwait(false) != waiting)
        {
            await leave.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            await waiting.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ObjectDisposedException(pool.Name);
        }
    }
}
