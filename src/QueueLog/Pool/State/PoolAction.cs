
namespace QueueLog.Pool.State;

/// <summary>Something to be done because of a change of a pool's state, without the pool's lock.</summary>
internal abstract record PoolAction;

/// <summary>A worker is to have processes until none is needed.</summary>
internal sealed record StartWorker(Worker Worker) : PoolAction;

/// <summary>What was composed for a process is to be sent, and then what <see cref="PoolState.ComposeNext"/> finds.</summary>
internal sealed record SendFrames(Worker Worker, ProcessState Process) : PoolAction;

/// <summary>A process was asked to give up a run, and is given time to do so.</summary>
internal sealed record AwaitCancellation(Worker Worker, ProcessState Process, int Run, TimeSpan Grace) : PoolAction;

/// <summary>A process is to be killed.</summary>
internal sealed record KillProcess(Worker Worker, ProcessState Process, string Reason) : PoolAction;

/// <summary>Something is to be said in the log.</summary>
internal sealed record WriteLog(Action<IPoolLog> Write) : PoolAction;

/// <summary>A line of a worker is to be said in the log, which may have to wait.</summary>
internal sealed record WriteLine(Worker Worker, int Pid, Records.WorkItem? Item, bool IsError, string Line) : PoolAction;

/// <summary>A run's reader is to get some events; <see cref="PoolState.Published"/> follows.</summary>
internal sealed record PublishEvents(PoolRun Run, IReadOnlyList<WorkEvent> Events) : PoolAction;

/// <summary>A run is over.</summary>
internal sealed record CloseRun(PoolRun Run, RunFailure? Failure, bool WasStopped) : PoolAction;

/// <summary>A run has come to its end by itself.</summary>
internal sealed record EndRun : PoolAction;

/// <summary>The pool is of no use any more.</summary>
internal sealed record FailPool(RunFailure Failure) : PoolAction;

/// <summary>There is something to be looked after as time goes by.</summary>
internal sealed record Watch : PoolAction;

/// <summary>What is to be done, in its order.</summary>
internal struct PoolActions
{
    private List<PoolAction>? list;

    public readonly IReadOnlyList<PoolAction> All => list is null ? [] : list;

    public void Add(PoolAction action) => (list ??= []).Add(action);
}
