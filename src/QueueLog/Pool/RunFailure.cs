namespace QueueLog.Pool;

/// <summary>Why a run or a pool as a whole could not go on: its kind and its facts. Whoever shows it adds id and text.</summary>
internal abstract record RunFailure;

/// <summary>A worker is not supplied with processes any more.</summary>
/// <param name="Worker">Name of the worker.</param>
/// <param name="Reason">Why not.</param>
internal sealed record WorkerNotSupplied(string Worker, string Reason) : RunFailure;

/// <summary>The system does not start the program of the workers.</summary>
/// <param name="Program">Its path.</param>
/// <param name="Reason">Why not.</param>
internal sealed record ProgramNotStarted(string Program, string Reason) : RunFailure;

/// <summary>Processes of a worker ended before they were ready.</summary>
/// <param name="Worker">Name of the worker.</param>
/// <param name="Death">How the last of them ended.</param>
/// <param name="Times">How many in a row.</param>
internal sealed record WorkerNeverReady(string Worker, WorkerDeath Death, int Times) : RunFailure;

/// <summary>A worker could not load a definition, and said why.</summary>
/// <param name="Failure">What it said.</param>
internal sealed record PreparationFailed(PreparationFailure Failure) : RunFailure;

/// <summary>The run took longer than it may.</summary>
/// <param name="Limit">How long that is.</param>
/// <param name="Ended">Items that ended by themselves, well or not.</param>
/// <param name="Stopped">Items that were stopped.</param>
/// <param name="Skipped">Items that were not run.</param>
internal sealed record RunTimedOut(TimeSpan Limit, long Ended, long Stopped, long Skipped) : RunFailure
{
    /// <summary>Items on a queue whose server did not say any more what became of them.</summary>
    public long Unknown { get; init; }
}

/// <summary>The run was halted.</summary>
/// <param name="Failed">Items that failed.</param>
/// <param name="Ended">Items that ended, well or not.</param>
/// <param name="Skipped">Items that were not run.</param>
internal sealed record RunHalted(long Failed, long Ended, long Skipped) : RunFailure;
