namespace QueueLog.Pool.State;

/// <summary>What the pool's state knows of the process itself.</summary>
internal interface IWorkerProcess
{
    /// <summary>Its number; 0 before its start.</summary>
    int Pid { get; }

    /// <summary>When it was started.</summary>
    DateTimeOffset Started { get; }

    /// <summary>Whether it has ended.</summary>
    bool HasExited { get; }

    /// <summary>It is about to be asked to give up a run, or to end, and will say that it has heard.</summary>
    void ExpectAcknowledgement();
}
