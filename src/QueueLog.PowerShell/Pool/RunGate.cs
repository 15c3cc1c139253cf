using System.Runtime.CompilerServices;
using QueueLog.Pool;
using QueueLog.Records;

namespace QueueLog.PowerShell.Pool;

/// <summary>A pool does one run at a time: who comes second waits for its turn.</summary>
internal static class RunGate
{
    private static readonly ConditionalWeakTable<IItemPool, Turn> Turns = new();

    /// <summary>Begins a run as soon as the pool is free.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="definition">What is run.</param>
    /// <param name="options">How its items are treated.</param>
    /// <param name="thread">The thread that does nothing else until the run has ended; null where none does that.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null when the thread itself keeps it busy: then waiting would never end.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public static async ValueTask<IItemRun?> BeginAsync(IItemPool pool, WorkDefinition definition, RunOptions options, int? thread, CancellationToken cancellation)
    {
        var turn = Turns.GetOrCreateValue(pool);
        if (!turn.Free.Wait(0, CancellationToken.None))
        {
            if (thread is not null && turn.Thread == thread)
            {
                return null;
            }

            await WaitAsync(turn, pool, cancellation).ConfigureAwait(false);
        }

        turn.Thread = thread ?? 0;
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
