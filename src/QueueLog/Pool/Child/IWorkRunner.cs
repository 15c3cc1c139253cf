namespace QueueLog.Pool.Child;

/// <summary>What runs the items in a worker: a runspace.</summary>
internal interface IWorkRunner
{
    /// <summary>Takes definitions and items from the loop until there are no more. Called on the process's main thread.</summary>
    void Run();

    /// <summary>Runs what is to be done with the end of the worker. Called on the main thread, behind <see cref="Run"/>.</summary>
    void End();

    /// <summary>Asks the running code to end, and to begin nothing more; returns without waiting for it. Called on another thread.</summary>
    void Stop();

    /// <summary>Asks the running code to end, so that the loop's cancellation is seen; returns without waiting. Called on another thread.</summary>
    void Interrupt();

    /// <summary>Gives what asks the code that runs now to end, and nothing that begins later. Called on another thread.</summary>
    Action StopOfItem();
}
