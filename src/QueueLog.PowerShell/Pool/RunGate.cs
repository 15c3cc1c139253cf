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
    /// <param name="caller">Whose turn it is to be.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null when the thread itself keeps the pool busy, or has to make a job before it go on: then waiting would never end.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public static async ValueTask<IItemRun?> BeginAsync(IItemPool pool, WorkDefinition definition, RunOptions options, RunCaller caller, CancellationToken cancellation)
    {
        var turn = Turns.GetOrCreateValue(pool);
        if (!turn.TryEnter(caller))
        {
            return null;
        }

        var hasTurn = false;
        IItemRun? run = null;
        try
        {
            // In the order of the calls: whoever waits is given the turn by the one before.
            if (!turn.Free.Wait(0, CancellationToken.None))
            {
                await WaitAsync(turn, pool, cancellation).ConfigureAwait(false);
            }

            hasTurn = true;
            return run = pool.TryBegin(definition, options);
        }
        finally
        {
            if (run is null)
            {
                turn.Leave(caller);
                if (hasTurn)
                {
                    turn.Free.Release();
                }
            }
        }
    }

    /// <summary>The thread is free to do other things, whether the run goes on or has ended.</summary>
    public static void Leave(IItemPool pool, RunCaller caller) => Turns.GetOrCreateValue(pool).Leave(caller);

    /// <summary>Frees the pool for the next. Called once by whoever has begun.</summary>
    public static void End(IItemPool pool) => Turns.GetOrCreateValue(pool).Free.Release();

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

    private sealed class Turn
    {
        private readonly HashSet<RunCaller> callers = [];

        public SemaphoreSlim Free { get; } = new(1, 1);

        public bool TryEnter(RunCaller caller)
        {
            lock (callers)
            {
                return (caller.IsJob || !callers.Any(other => other.Thread == caller.Thread)) && callers.Add(caller);
            }
        }

        public void Leave(RunCaller caller)
        {
            lock (callers)
            {
                callers.Remove(caller);
            }
        }
    }
}

/// <summary>Who has a turn or waits for one. Until it leaves, its run cannot go on without the thread that made it.</summary>
/// <param name="isJob">Whether the thread goes on at once, whoever has the turn: items wait in the job.</param>
internal sealed class RunCaller(bool isJob = false)
{
    public bool IsJob => isJob;

    public Thread Thread { get; } = Thread.CurrentThread;
}
