using System.Threading.Channels;
using QueueLog.Pool.Scheduling;
using QueueLog.Records;

namespace QueueLog.Pool;

/// <summary>One script over one input on a pool. Items are added by one thread, events are read by one thread.</summary>
internal interface IItemRun
{
    /// <summary>What the run has to tell; ends with the run.</summary>
    ChannelReader<WorkEvent> Events { get; }

    /// <summary>Why the run ended before its time; null while it goes on, and when it ended well or was stopped.</summary>
    RunFailure? Failure { get; }

    /// <summary>Whether it ended before all items had.</summary>
    bool WasStopped { get; }

    /// <summary>How far it is.</summary>
    RunProgress Progress { get; }

    /// <summary>How many items there will be, where that is known before the input has ended; negative where not.</summary>
    long Expected { set; }

    /// <summary>Whether so many items have failed that the rest is not run. It ends when what is under way has ended.</summary>
    bool IsHalted { get; }

    /// <summary>Whether another item would soon be sent.</summary>
    bool HasRoom { get; }

    /// <summary>Adds an item for whichever worker is free.</summary>
    void Add(WorkItem item);

    /// <summary>Adds an item that only one worker may run.</summary>
    void AddFor(int worker, WorkItem item);

    /// <summary>Adds an item that cannot be sent to a worker: it has failed.</summary>
    void AddUnsendable(WorkItem item, Exception reason);

    /// <summary>No more items will be added.</summary>
    void CompleteAdding();

    /// <summary>Begins no other items: those that were not begun are told as skipped. May be called again, with the sterner mode.</summary>
    void Halt(HaltMode mode);

    /// <summary>Asks an item to stop, if it is under way; it ends as stopped, and the run goes on.</summary>
    void TryStop(long index);
}
