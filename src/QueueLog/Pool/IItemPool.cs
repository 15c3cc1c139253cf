using QueueLog.Records;

namespace QueueLog.Pool;

/// <summary>Workers, and the one run they work at, as commands and jobs use them; where the workers are is the pool's own matter.</summary>
internal interface IItemPool
{
    string Name { get; }

    /// <summary>How many workers there are to be.</summary>
    int Count { get; }

    /// <summary>Address of the listener its workers log to; null for the session's.</summary>
    string? ListenerAddress { get; }

    /// <summary>Whether the pool outlives its runs.</summary>
    bool StaysWarm { get; }

    /// <summary>Completes when every process has ended.</summary>
    Task Completion { get; }

    /// <summary>Why the pool ended before its time; null otherwise.</summary>
    RunFailure? Failure { get; }

    /// <summary>Begins a run.</summary>
    /// <returns>Null when the pool is at another one.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    IItemRun? TryBegin(WorkDefinition definition, RunOptions runOptions);

    /// <summary>Changes how many workers there are. Those that are too many finish what they have begun.</summary>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    void Resize(int count);

    /// <summary>Ends a run of this pool before its time, and the pool with it unless that stays warm.</summary>
    void Stop(IItemRun run);

    /// <summary>Called before a wait for the next event of a run, on the thread that reads the events. A pool may read its workers here, which saves a change of threads.</summary>
    void ReadFor(IItemRun run);

    /// <summary>What the pool and its workers are doing now.</summary>
    PoolStatus GetStatus();

    /// <summary>How long what is under way may take to stop before its process is killed, as its run says.</summary>
    TimeSpan Grace { get; }

    /// <summary>Asks workers to give up their items, waits as long as these may take to stop, and ends them.</summary>
    Task StopAsync();

    /// <summary>Ends all processes at once.</summary>
    Task KillAsync();
}
