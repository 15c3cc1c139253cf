using System.Threading.Channels;
using QueueLog.Records;
using QueueLog.Scheduling;
using QueueLog.Wire;

namespace QueueLog.Workers;

/// <summary>One script over one input on a pool. Items are added by one thread, events are read by one thread.</summary>
internal sealed class PoolRun
{
    // Results that were received and not taken: beyond this the pool stops reading its workers, and they wait.
    private const int EventCapacity = 64;

    private readonly PoolWork work;

    // Written by the readers of the workers' pipes, read by the cmdlet or the job; completed by the pool when the run is over.
    private readonly Channel<WorkEvent> events = Channel.CreateBounded<WorkEvent>(new BoundedChannelOptions(EventCapacity)
    {
        FullMode = BoundedChannelFullMode.Wait,
        SingleReader = true,
    });

    public PoolRun(PoolWork work, WorkDefinition definition, int workerCount)
    {
        this.work = work;
        Id = definition.Id;
        Scheduler = new Scheduler(workerCount);
        DefinitionFrame = ToFrame(definition);
    }

    public int Id { get; }

    public ReadOnlyMemory<byte> DefinitionFrame { get; }

    /// <summary>What the run has to tell; ends with the run.</summary>
    public ChannelReader<WorkEvent> Events => events.Reader;

    /// <summary>Why the run ended before its time; null while it goes on, and when it ended well or was stopped.</summary>
    public RunFailure? Failure { get; private set; }

    /// <summary>Whether it ended before all items had.</summary>
    public bool WasStopped { get; private set; }

    // Guarded by the pool's lock.
    internal Scheduler Scheduler { get; }

    /// <summary>Events taken account of in the scheduler but not yet in the channel; the run is not over before they are.</summary>
    internal int Pending { get; set; }

    internal bool IsOver { get; set; }

    /// <summary>Whether another item would soon be sent.</summary>
    public bool HasRoom => work.HasRoom(this);

    /// <summary>Adds an item for whichever worker is free.</summary>
    public void Add(WorkItem item) => work.Add(this, item, -1);

    /// <summary>Adds an item that only one worker may run.</summary>
    public void AddFor(int worker, WorkItem item) => work.Add(this, item, worker);

    public void CompleteAdding() => work.CompleteAdding(this);

    internal static ReadOnlyMemory<byte> ToFrame(WorkDefinition definition)
    {
        var writer = new ByteWriter();
        var frame = writer.BeginFrame(FrameType.WorkDefinition);
        WorkCodec.WriteDefinition(writer, definition);
        writer.EndFrame(frame);
        return writer.WrittenMemory;
    }

    /// <summary>Tells the scheduler which items have ended by what a worker says. Called under the pool's lock.</summary>
    /// <returns>The items that the frame's errors belong to.</returns>
    internal Queue<WorkItem>? TakeEnds(WorkerSlot slot, ReadOnlySpan<byte> payload)
    {
        Queue<WorkItem>? items = null;
        while (WorkEntryCodec.TryRead(ref payload, out var entry))
        {
            if (entry.Kind == WorkEntryKind.Ended)
            {
                if (Scheduler.End(slot.Index, entry.Index, WorkEntryCodec.ReadEnded(entry.Body)) is null)
                {
                    throw new ProtocolException($"A worker ended item {entry.Index}, which it does not hold.");
                }

                slot.ItemsDone++;
            }
            else if (entry.Kind is WorkEntryKind.Error or WorkEntryKind.Failure && entry.Index >= 0)
            {
                (items ??= new()).Enqueue(Scheduler.Current(slot.Index) ?? throw new ProtocolException("A worker reported an error without an item."));
            }
        }

        return items;
    }

    /// <summary>Puts an event where the reader finds it; waits while the reader is behind.</summary>
    internal async ValueTask PublishAsync(WorkEvent workEvent)
    {
        try
        {
            await events.Writer.WriteAsync(workEvent).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // The run was stopped: no one wants it any more.
        }
    }

    internal void Close(RunFailure? failure, bool wasStopped)
    {
        Failure ??= failure;
        WasStopped |= wasStopped;
        events.Writer.TryComplete();
    }
}
