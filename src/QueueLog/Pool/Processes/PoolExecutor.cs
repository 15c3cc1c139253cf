using QueueLog.Pool.State;

namespace QueueLog.Pool.Processes;

/// <summary>Performs the actions that a pool's state returns, on the thread that called the state, without its lock.</summary>
/// <param name="state">The pool's state.</param>
/// <param name="log">Where the pool tells of itself.</param>
/// <param name="options">The pool's settings.</param>
/// <param name="owner">Who starts processes, and ends the pool.</param>
internal sealed class PoolExecutor(PoolState state, PoolLog log, WorkerPoolOptions options, IPoolOwner owner)
{
    /// <summary>Performs actions without waiting: what must wait continues in the background.</summary>
    public void Perform(in PoolActions actions) => _ = PerformAsync(actions).AsTask();

    /// <summary>Performs actions, and waits for room among the events of a run and in the log: so a slow reader stops the workers.</summary>
    public ValueTask PerformAsync(PoolActions actions) => actions.All is { Count: > 0 } all ? PerformAllAsync(all) : default;

    private async ValueTask PerformAllAsync(IReadOnlyList<PoolAction> actions)
    {
        for (var i = 0; i < actions.Count; i++)
        {
            switch (actions[i])
            {
                case SendFrames send:
                    _ = SendLoopAsync(send.Worker, send.Process);
                    break;
                case PublishEvents publish:
                    foreach (var workEvent in publish.Events)
                    {
                        await publish.Run.PublishAsync(workEvent).ConfigureAwait(false);
                    }

                    await PerformAsync(state.Published(publish.Run)).ConfigureAwait(false);
                    break;
                case WriteLog write:
                    write.Write(log);
                    break;
                case WriteLine line:
                    await log.WriteLineAsync(line.Worker.Name, line.Pid, line.Item, line.IsError, line.Line).ConfigureAwait(false);
                    break;
                case AwaitCancellation cancellation:
                    _ = AwaitCancellationAsync(cancellation);
                    break;
                case KillProcess kill:
                    log.WorkerKilled(kill.Worker.Name, kill.Process.Process.Pid, kill.Reason);
                    Kill(kill.Process.OsProcess);
                    break;
                case CloseRun close:
                    close.Run.Close(close.Failure, close.WasStopped);
                    break;
                case StartWorker start:
                    owner.Start(start.Worker);
                    break;
                case FailPool fail:
                    owner.Fail(fail.Failure);
                    break;
                case EndRun:
                    owner.RunEnded();
                    break;
                case Watch:
                    owner.Watch();
                    break;
            }
        }
    }

    private static void Kill(WorkerProcess process)
    {
        try
        {
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended meanwhile, and what is to be done for others must not wait for that.
        }
    }

    /// <summary>Sends what has been composed, and whatever else has come together by then.</summary>
    private async Task SendLoopAsync(Worker worker, ProcessState process)
    {
        try
        {
            do
            {
                await process.OsProcess.SendAsync(process.Outgoing.Parts).ConfigureAwait(false);
            }
            while (state.ComposeNext(worker, process));

            // What was not composed may wait for more.
            owner.Watch();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The reader of the same pipe sees its end too, and counts the process out.
        }
#pragma warning disable CA1031 // whatever it was, the process would wait for ever for the rest
        catch (Exception)
#pragma warning restore CA1031
        {
            Kill(process.OsProcess);
        }
    }

    /// <summary>Gives a process time to give up a run; code that does not stop is ended with its process, and another takes its place.</summary>
    private async Task AwaitCancellationAsync(AwaitCancellation cancellation)
    {
        // A process that is slow to hear of it is not one whose code does not stop.
        await cancellation.Process.OsProcess.AcknowledgedAsync(options.AcknowledgeTimeout).ConfigureAwait(false);
        await Task.Delay(cancellation.Grace).ConfigureAwait(false);
        Perform(state.CancellationTimedOut(cancellation.Worker, cancellation.Process, cancellation.Run));
    }
}

/// <summary>Who starts and ends the processes that a pool's work needs. Nothing here waits.</summary>
internal interface IPoolOwner
{
    /// <summary>A worker is to have processes, as long as there is work for it.</summary>
    void Start(Worker worker);

    /// <summary>There is something to be looked after as time goes by.</summary>
    void Watch();

    /// <summary>A run has ended by itself.</summary>
    void RunEnded();

    /// <summary>The pool is of no use any more.</summary>
    void Fail(RunFailure failure);
}
