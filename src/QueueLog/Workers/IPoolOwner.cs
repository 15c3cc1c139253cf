namespace QueueLog.Workers;

/// <summary>Who starts and ends the processes that a pool's work needs. Called under the pool's lock: nothing here waits.</summary>
internal interface IPoolOwner
{
    /// <summary>A place is to have a process.</summary>
    void Fill(WorkerSlot slot);

    /// <summary>There is something to be looked after as time goes by.</summary>
    void Watch();

    /// <summary>A run has ended by itself. Called without the lock.</summary>
    void TakeEndOfRun();
}
