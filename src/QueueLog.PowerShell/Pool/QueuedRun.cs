using System.Threading.Channels;
using QueueLog.Pool;
using QueueLog.Pool.Scheduling;
using QueueLog.Records;

namespace QueueLog.PowerShell.Pool;

/// <summary>A job's run on a warm pool: begins when it is its turn, and until then the items wait here. It leaves the pool as it is.</summary>
internal sealed class QueuedRun : IItemRun
{
    private readonly IItemPool pool;
    private readonly RunLease turn;
    private readonly object gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Queue<Action<IItemRun>> waiting = new();
    private IItemRun? begun;

    /// <summary>Takes its place behind what came before. Until <see cref="CompleteAdding"/> the calling thread has to make it go on.</summary>
    public QueuedRun(IItemPool pool, WorkDefinition definition, RunOptions options)
    {
        this.pool = pool;
        turn = new RunLease(pool, definition, options, stopping.Token, isJob: true);
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
    public long Expected
    {
        set => Perform(run => run.Expected = value);
    }

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

    /// <summary>Whether the pool has ended before its turn.</summary>
    public bool IsPoolGone { get; private set; }

    /// <summary>Waits for its turn and begins with the items that have come by then.</summary>
    /// <returns>False when it was stopped before, or the pool has ended.</returns>
    public async Task<bool> TryBeginAsync()
    {
        try
        {
            var run = await turn.Run.ConfigureAwait(false);
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
        catch (ObjectDisposedException)
        {
            IsPoolGone = true;
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
        turn.Leave();
        Stop();
    }

    /// <summary>Lets others have the pool.</summary>
    public void End() => turn.End();

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
        turn.Leave();
    }

    /// <inheritdoc/>
    public void Halt(HaltMode mode) => Perform(run => run.Halt(mode));

    /// <inheritdoc/>
    public void TryStop(long index) => Perform(run => run.TryStop(index));

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
