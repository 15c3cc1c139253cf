using System.Threading.Channels;
using QueueLog.Pool.Processes;
using QueueLog.Pool.Scheduling;
using QueueLog.Pool.State;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Pool;

/// <summary>One script over one input on a pool. Items are added by one thread, events are read by one thread.</summary>
internal sealed class PoolRun : IItemRun
{
    // Results that were received and not taken: beyond this the pool stops reading its workers, and they wait.
    private const int EventCapacity = 64;

    // Of large ones even fewer: their bytes are what the machine has least of.
    private const int LargeCapacity = 4;

    // Enough for a short script: a warm pool makes a frame for each call.
    private const int FrameCapacity = 512;

    private readonly SemaphoreSlim large = new(LargeCapacity);
    private readonly CancellationTokenSource closing = new();
    private readonly PoolState pool;
    private readonly PoolExecutor executor;

    // Written by the readers of the workers' pipes, read by the cmdlet or the job; completed by the pool when the run is over.
    private readonly Channel<WorkEvent> events;

    /// <summary>Begins without items.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="executor">Does what the pool's state asks for.</param>
    /// <param name="definition">What is run, with the run's number.</param>
    /// <param name="options">How the items are treated.</param>
    /// <param name="time">The clock of delays.</param>
    public PoolRun(PoolState pool, PoolExecutor executor, WorkDefinition definition, RunOptions options, TimeProvider time)
    {
        this.pool = pool;
        this.executor = executor;
        Id = definition.Id;
        NoCapture = definition.NoCapture;
        Options = options;
        State = new RunState(options, pool.Workers.Length, time);
        DefinitionFrame = ToFrame(definition);
        events = Channel.CreateBounded<WorkEvent>(new BoundedChannelOptions(EventCapacity)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            AllowSynchronousContinuations = options.ReaderBlocks,
        });
    }

    public int Id { get; }

    /// <summary>Whether what the items write stays out of the log.</summary>
    public bool NoCapture { get; }

    public ReadOnlyMemory<byte> DefinitionFrame { get; }

    /// <inheritdoc/>
    public long Expected
    {
        set => State.Expected = value;
    }

    /// <inheritdoc/>
    public ChannelReader<WorkEvent> Events => events.Reader;

    /// <summary>Whether a wait for events would end at once: there is one, or the run is over. Asked by their reader.</summary>
    public bool HasEvents => events.Reader.TryPeek(out _) || events.Reader.Completion.IsCompleted;

    /// <inheritdoc/>
    public RunFailure? Failure { get; private set; }

    /// <inheritdoc/>
    public bool WasStopped { get; private set; }

    public RunOptions Options { get; }

    /// <inheritdoc/>
    public RunProgress Progress => pool.GetProgress(this);

    // Guarded by the pool's lock.
    internal RunState State { get; }

    /// <summary>Events taken account of in the scheduler but not yet in the channel; the run is not over before they are.</summary>
    internal int Pending { get; set; }

    internal bool IsOver { get; set; }

    /// <inheritdoc/>
    public bool IsHalted { get; private set; }

    /// <inheritdoc/>
    public bool HasRoom => pool.HasRoom(this);

    /// <inheritdoc/>
    public void Add(WorkItem item) => AddFor(-1, item);

    /// <inheritdoc/>
    public void AddFor(int worker, WorkItem item) => executor.Perform(pool.Add(this, item, worker));

    /// <inheritdoc/>
    public void AddUnsendable(WorkItem item, Exception reason) => executor.Perform(pool.AddUnsendable(this, item, reason));

    /// <inheritdoc/>
    public void CompleteAdding() => executor.Perform(pool.CompleteAdding(this));

    /// <inheritdoc/>
    public void Halt(HaltMode mode) => executor.Perform(pool.Halt(this, mode));

    /// <inheritdoc/>
    public void TryStop(long index)
    {
        _ = pool.TryStopItem(index, out var actions);
        executor.Perform(actions);
    }

    internal static ReadOnlyMemory<byte> ToFrame(WorkDefinition definition)
    {
        var writer = new ByteWriter(checked(FrameCapacity + definition.Arguments.Sum(static value => value.Length) + definition.UsingValues.Concat(definition.Variables).Sum(static value => value.Value.Length)));
        var frame = writer.BeginFrame(FrameType.WorkDefinition);
        WorkCodec.WriteDefinition(writer, definition);
        writer.EndFrame(frame);
        return writer.WrittenMemory;
    }

    /// <summary>Puts an event where the reader finds it; waits while the reader is behind.</summary>
    internal async ValueTask PublishAsync(WorkEvent workEvent)
    {
        try
        {
            if (workEvent is WorkResults { Frame: { IsLarge: true } frame })
            {
                await large.WaitAsync(closing.Token).ConfigureAwait(false);
                frame.Disposed += () => large.Release();
            }

            await events.Writer.WriteAsync(workEvent).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            // The run was stopped: no one wants it any more.
        }
    }

    internal void MarkHalted() => IsHalted = true;

    internal void Close(RunFailure? failure, bool wasStopped)
    {
        Failure ??= failure ?? State.HaltedBy;
        WasStopped |= wasStopped;
        events.Writer.TryComplete();
        closing.Cancel();
    }
}
