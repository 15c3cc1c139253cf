namespace QueueLog.Pool.State;

/// <summary>What a pool's state has to say in the log. None of it waits.</summary>
internal interface IPoolLog
{
    /// <summary>A process has ended, by itself or by what was done to it.</summary>
    /// <param name="worker">Its worker's name.</param>
    /// <param name="death">How it ended.</param>
    /// <param name="lost">The ends of the items that it took with it.</param>
    /// <param name="isAsked">Whether the pool wanted it to end.</param>
    /// <param name="isInStreams">Whether the session shows the ends of the items, too.</param>
    void WorkerEnded(string worker, WorkerDeath death, IReadOnlyList<ItemEnd> lost, bool isAsked, bool isInStreams);

    /// <summary>A process has run as many items as it may, or has grown too large, and is replaced.</summary>
    void WorkerRecycled(string worker, int pid, long items);

    /// <summary>Tells of what went wrong with items and could not be said by their worker, and of what is tried again.</summary>
    void WriteEnds(RunOptions options, IEnumerable<ItemEnd> ends);

    /// <summary>A run was stopped before its end.</summary>
    /// <param name="done">Items that had ended.</param>
    /// <param name="cut">Items that were under way.</param>
    /// <param name="left">Items that had been read and were not begun.</param>
    void Stopped(long done, long cut, long left);

    /// <summary>No further items are begun.</summary>
    void Halted(string reason);
}
