namespace QueueLog.Workers.Child;

/// <summary>What the pool asks of a worker besides items. Called by the thread that reads the pipe.</summary>
internal interface IPoolOrders
{
    /// <summary>The run was cancelled: what is under way is to be given up.</summary>
    void Interrupt();

    /// <summary>The pool is to know that its request was heard.</summary>
    void Acknowledge();

    /// <summary>One item is to be stopped, should it still be under way.</summary>
    void StopItem(long index);

    /// <summary>The process is to end, with what is finished handed over. Waits for the main thread, but not for long.</summary>
    void Stop();

    /// <summary>The pool is gone.</summary>
    void Abandon();
}
