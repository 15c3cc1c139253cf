using QueueLog.Pool;
using QueueLog.Records;

namespace QueueLog.PowerShell.Pool;

/// <summary>The right of one run to a pool. From its creation on it waits in line behind earlier runs.</summary>
internal sealed class RunLease
{
    private readonly IItemPool pool;
    private readonly RunGate gate;
    private int isOver;

    /// <param name="pool">The pool.</param>
    /// <param name="definition">What is run.</param>
    /// <param name="options">How its items are treated.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="isJob">Whether the thread goes on at once, whichever run has the pool: items wait in the job.</param>
    public RunLease(IItemPool pool, WorkDefinition definition, RunOptions options, CancellationToken cancellation, bool isJob = false)
    {
        this.pool = pool;
        IsJob = isJob;
        gate = RunGate.Of(pool);
        Run = BeginAsync(definition, options, cancellation);
    }

    public bool IsJob { get; }

    /// <summary>The thread that made it. Until <see cref="Leave"/> the run cannot go on without it.</summary>
    public Thread Thread { get; } = Thread.CurrentThread;

    /// <summary>The run, as soon as the pool is free; null when waiting would never end. Fails with ObjectDisposedException when the pool has ended.</summary>
    public Task<IItemRun?> Run { get; }

    /// <summary>The thread is free to do other things, whether the run goes on or has ended.</summary>
    public void Leave() => gate.Leave(this);

    /// <summary>Frees the pool for the next run. Does nothing before this run has the pool, and after it has ended.</summary>
    public void End()
    {
        Leave();
        if (Run is { IsCompletedSuccessfully: true, Result: not null } && Interlocked.Exchange(ref isOver, 1) == 0)
        {
            gate.Release();
        }
    }

    /// <summary>Ends the turn and its run, if it has come. A wait that was stopped may have got it at that moment.</summary>
    public void GiveUp()
    {
        if (Volatile.Read(ref isOver) == 0 && Task.WhenAny(Run).GetAwaiter().GetResult() is { IsCompletedSuccessfully: true, Result: { } run })
        {
            pool.Stop(run);
            End();
        }
    }

    private async Task<IItemRun?> BeginAsync(WorkDefinition definition, RunOptions options, CancellationToken cancellation)
    {
        if (!gate.TryEnter(this))
        {
            return null;
        }

        var hasTurn = false;
        IItemRun? run = null;
        try
        {
            await gate.WaitAsync(pool, cancellation).ConfigureAwait(false);
            hasTurn = true;
            return run = pool.TryBegin(definition, options);
        }
        finally
        {
            if (run is null)
            {
                Leave();
                if (hasTurn)
                {
                    gate.Release();
                }
            }
        }
    }
}
