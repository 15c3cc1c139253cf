using System.Runtime.CompilerServices;
using QueueLog.Pool;
using QueueLog.Records;

namespace QueueLog.PowerShell.Pool;

/// <summary>A pool does one run at a time: who comes second waits for its turn.</summary>
internal static class RunGate
{
    private static readonly ConditionalWeakTable<IItemPool, Turn> Turns = new();

    /// <summary>Begins a run as soon as the pool is free.</summary>
    /// <returns>Null when the calling thread itself keeps it busy: then waiting would never end.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public static async ValueTask<IItemRun?> BeginAsync(IItemPool pool, WorkDefinition definition, RunOptions options, CancellationToken cancellation)
    {
        var turn = Turns.GetOrCreateValue(pool);
        var thread = Environment.CurrentManagedThreadId;
        if (!turn.Free.Wait(0, CancellationToken.None))
        {
            if (turn.Thread == thread)
            {
                return null;
            }

            await WaitAsync(turn, pool, cancellation).ConfigureAwait(false);
        }

        turn.Thread = thread;
        try
        {
            if (pool.TryBegin(definition, options) is { } run)
            {
                return run;
            }

            Release(turn);
            return null;
        }
        catch
        {
            Release(turn);
            throw;
        }
    }

    /// <summary>Frees the pool for the next. Called once by whoever has begun.</summary>
    public static void End(IItemPool pool) => Release(Turns.GetOrCreateValue(pool));

    // Who has the turn may keep it for long after the end of the pool: its pipeline may still be at what the run gave.
    private static async Task WaitAsync(Turn turn, IItemPool pool, CancellationToken cancellation)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var free = turn.Free.WaitAsync(leave.Token);
        if (await Task.WhenAny(free, pool.Completion).ConfigureAwait(false) != free)
        {
            await leave.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            await free.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ObjectDisposedException(pool.Name);
        }
    }

    private static void Release(Turn turn)
    {
        turn.Thread = 0;
        turn.Free.Release();
    }

    private sealed class Turn
    {
        public int Thread;

        public SemaphoreSlim Free { get; } = new(1, 1);
    }
}
