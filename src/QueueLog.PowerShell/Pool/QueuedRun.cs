using System.Threading.Channels;
using QueueLog.Pool;
using QueueLog.Records;

namespace QueueLog.PowerShell.Pool;

/// <summary>A job's run on a warm pool: begins when it is its turn, and until then the items wait here. It leaves the pool as it is.</summary>
internal sealed class QueuedRun : IItemRun
{
    private readonly IItemPool pool;
    private readonly RunCaller caller = new(isJob: true);
    private readonly Task<IItemRun?> beginning;
    private readonly object gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Queue<Action<IItemRun>> waiting = new();
    private IItemRun? begun;
    private bool hasTurn;

    /// <summary>Takes its place behind what came before. Until <see cref="CompleteAdding"/> the calling thread has to make it go on.</summary>
    public QueuedRun(IItemPool pool, WorkDefinition definition, RunOptions options)
    {
        this.pool = pool;
        beginning = RunGate.BeginAsync(pool, definition, options, caller, stopping.Token).AsTask();
    }

    /// <inheritdoc/>
    public ChannelReader<WorkEvent> Events => Begun?.Events ?? throw new InvalidOperationException("The run has not begun.");

    /// <inheritdoc/>
    public RunFailure? Failure => Begun?.Failure;

    /// <inheritdoc/>
    public bool WasStopped => Begun?.WasStopped ?? stopping.IsCancellationRequested;

    /// <inheritdoc/>
    public RunProgress Progress
    {
        get
        {
            lock (gate)
            {
                return begun?.Progress ?? new RunProgress(waiting.Count, IsComplete: false, Ended: 0, Failed: 0, []);
            }
        }
    }

    /// <inheritdoc/>
    public bool IsHalted => Begun?.IsHalted == true;

    /// <inheritdoc/>
    public bool HasRoom => Begun?.HasRoom ?? true;

    private IItemRun? Begun
    {
        get
        {
            lock (gate)
            {
                return begun;
            }
        }
    }

    /// <summary>Waits for its turn and begins with the items that have come by then.</summary>
    /// <returns>False when it was stopped before.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public async Task<bool> TryBeginAsync()
    {
        try
        {
            var run = await beginning.ConfigureAwait(false);
            hasTurn = true;
            lock (gate)
            {
                begun = run;
                while (waiting.TryDequeue(out var add))
                {
                    add(begun!);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (stopping.IsCancellationRequested)
        {
            pool.Stop(begun!);
        }

        return true;
    }

    /// <summary>Ends it before its time.</summary>
    public void Stop()
    {
        stopping.Cancel();
        if (Begun is { } run)
        {
            pool.Stop(run);
        }
    }

    /// <summary>Ends it before its time, with items or without: its thread makes it go on no more.</summary>
    public void GiveUp()
    {
        RunGate.Leave(pool, caller);
        Stop();
    }

    /// <summary>Lets others have the pool.</summary>
    public void End()
    {
        if (hasTurn)
        {
            hasTurn = false;
            RunGate.Leave(pool, caller);
            RunGate.End(pool);
        }
    }

    /// <inheritdoc/>
    public void Add(WorkItem item) => Perform(run => run.Add(item));

    /// <inheritdoc/>
    public void AddFor(int worker, WorkItem item) => Perform(run => run.AddFor(worker, item));

    /// <inheritdoc/>
    public void AddUnsendable(WorkItem item, Exception reason) => Perform(run => run.AddUnsendable(item, reason));

    /// <inheritdoc/>
    public void CompleteAdding()
    {
        Perform(static run => run.CompleteAdding());
        RunGate.Leave(pool, caller);
    }

    private void Perform(Action<IItemRun> add)
    {
        lock (gate)
        {
            if (begun is null)
            {
                waiting.Enqueue(add);
            }
            else
            {
                add(begun);
            }
        }
    }
}
